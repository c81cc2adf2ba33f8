/* SPDX-License-Identifier: MIT */
/*
 * Runs the user's editor at the terminal.
 */
#include "cli/editor.h"

#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/spawn.h"
#include "cli/compose.h"

enum {
	COMMAND_SIZE_MAX = 8192,
	STATUS_NOT_FOUND = 127, /* sh(1) */
	CAUGHT_COUNT = 2
};

static const int caught[CAUGHT_COUNT] = {SIGINT, SIGQUIT};

static const char *editor_command(void);
static int editor_start(const char *command, const char *path,
    struct spawn_child *child, struct error *err);
static void catch_signals(struct sigaction before[CAUGHT_COUNT]);
static void restore_signals(const struct sigaction before[CAUGHT_COUNT]);
static void on_signal(int number);

int
editor_run(const char *path, struct error *err)
{
	const char *command = editor_command();
	struct sigaction before[CAUGHT_COUNT];
	struct spawn_child child;
	int status = 0;
	int result;

	if (command == NULL) {
		error_set(err, ERROR_USAGE,
		    "there is no terminal for the editor vi");
		return error_hint(err, "set VISUAL or EDITOR to an editor");
	}
	catch_signals(before);
	result = editor_start(command, path, &child, err);
	if (result == 0)
		result = spawn_wait(&child, INT64_MAX, &status, err);
	spawn_done(&child);
	restore_signals(before);
	if (result == -1)
		return -1;
	if (status == 0)
		return 0;
	error_set(err, ERROR_SYSTEM, "the editor \"%s\" %s %d", command,
	    status > 128 ? "was ended by signal" : "ended with exit status",
	    status > 128 ? status - 128 : status);
	if (status == STATUS_NOT_FOUND)
		error_hint(err, "set VISUAL or EDITOR to an editor");
	return -1;
}

/* NULL: there is none, as vi needs a terminal. */
static const char *
editor_command(void)
{
	static const char *const names[] = {"VISUAL", "EDITOR"};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		const char *value = getenv(names[i]);

		if (value != NULL && *value != '\0')
			return value;
	}
	return isatty(STDIN_FILENO) == 1 ? "vi" : NULL;
}

/* As git does: the path is an argument and never part of the command. With a
 * trap the shell outlives Ctrl-C, and the editor does not ignore it. */
static int
editor_start(const char *command, const char *path, struct spawn_child *child,
    struct error *err)
{
	char **environment = compose_environment(err);
	struct buf script;
	int result = -1;

	spawn_init(child);
	buf_init(&script, COMMAND_SIZE_MAX);
	if (environment != NULL &&
	    buf_addf(&script, err, "trap : INT QUIT; %s \"$@\"", command) ==
		0) {
		char *argv[] = {"/bin/sh", "-c", script.data, (char *)command,
		    (char *)path, NULL};

		result = spawn_start_in(child, argv, environment, SPAWN_SAME_IN,
		    err);
	}
	buf_done(&script);
	free((void *)environment);
	return result;
}

/* The editor handles Ctrl-C and Ctrl-\, which the terminal sends to both. A
 * handler, unlike SIG_IGN, is not inherited by the editor. */
static void
catch_signals(struct sigaction before[CAUGHT_COUNT])
{
	struct sigaction action = {.sa_handler = on_signal};

	sigemptyset(&action.sa_mask);
	for (size_t i = 0; i < CAUGHT_COUNT; i++) {
		sigaction(caught[i], NULL, &before[i]);
		if (before[i].sa_handler != SIG_IGN)
			sigaction(caught[i], &action, NULL);
	}
}

static void
restore_signals(const struct sigaction before[CAUGHT_COUNT])
{
	for (size_t i = 0; i < CAUGHT_COUNT; i++)
		sigaction(caught[i], &before[i], NULL);
}

static void
on_signal(int number)
{
	(void)number;
}

/* SPDX-License-Identifier: MIT */
/*
 * Has systemd start the program that sends the queue, at every login and then
 * regularly; or stops that. queue-units.c has the texts.
 */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/exec-path.h"
#include "base/file.h"
#include "base/text.h"
#include "report/json.h"
#include "cli/queue-manager.h"
#include "cli/queue-units.h"
#include "cli/queue.h"
#include "base/shell-word.h"
#include "submit/queue-program.h"
#include "submit/queue-timer.h"

enum {
	TEXT_MAX = 65536,
	UNIT_COUNT = 2
};

static const char *const names[UNIT_COUNT] = {QUEUE_TIMER_SERVICE,
    QUEUE_TIMER_NAME};

/* One run of the command. */
struct installation {
	bool as_json;
	char *path[UNIT_COUNT];
	bool is_changed[UNIT_COUNT]; /* the file was written or removed */
	struct buf program;          /* postrider-queue */
	const char *command; /* what is left for the user to run, or NULL */
};

static int print_cron_line(struct installation *installation,
    struct error *err);
static int install(struct installation *installation, struct error *err);
static int find_program(struct installation *installation, struct error *err);
static int write_unit(struct installation *installation, int unit,
    struct error *err);
static void enable_timer(struct installation *installation);
static int uninstall(struct installation *installation, struct error *err);
static void disable_timer(void);
static int check_ours(const char *path, bool *ret_exists, struct error *err);
static bool has_mark(const char *path);
static void print_installed(const struct installation *installation);
static void print_removed(const struct installation *installation);
static void print_json(const struct installation *installation,
    const char *status);

int
queue_install(struct queue *queue, struct error *err)
{
	const struct options *options = queue->options;
	struct installation installation = {.as_json = options->report.json};
	int result = 0;

	buf_init(&installation.program, PATH_MAX);
	for (int i = 0; result == 0 && i < UNIT_COUNT; i++) {
		installation.path[i] = queue_timer_path(names[i], err);
		result = installation.path[i] != NULL ? 0 : -1;
	}
	if (result == 0 && options->queue_cron)
		result = print_cron_line(&installation, err);
	else if (result == 0)
		result = options->queue_remove ? uninstall(&installation, err)
					       : install(&installation, err);
	for (int i = 0; i < UNIT_COUNT; i++)
		free(installation.path[i]);
	buf_done(&installation.program);
	return result;
}

static int
print_cron_line(struct installation *installation, struct error *err)
{
	struct buf line;
	int result;

	buf_init(&line, TEXT_MAX);
	result = find_program(installation, err);
	if (result == 0)
		result = queue_units_add_cron(&line,
		    buf_text(&installation->program), err);
	if (result == 0)
		puts(buf_text(&line));
	buf_done(&line);
	return result;
}

static int
install(struct installation *installation, struct error *err)
{
	bool ignored;

	if (!queue_timer_has_systemd()) {
		error_set(err, ERROR_SYSTEM,
		    "systemd isn't running, so no timer can be installed");
		return error_hint(err,
		    "postrider starts the queue whenever it is called; to have "
		    "cron start it, run "
		    "(crontab -l; postrider queue install --cron) | crontab -");
	}
	if (find_program(installation, err) == -1)
		return -1;
	for (int i = 0; i < UNIT_COUNT; i++) {
		if (check_ours(installation->path[i], &ignored, err) == -1)
			return -1;
	}
	for (int i = 0; i < UNIT_COUNT; i++) {
		if (write_unit(installation, i, err) == -1)
			return -1;
	}
	enable_timer(installation);
	if (installation->as_json)
		print_json(installation, "installed");
	else
		print_installed(installation);
	return 0;
}

static int
find_program(struct installation *installation, struct error *err)
{
	if (exec_path_find(QUEUE_PROGRAM, &installation->program, err) == -1)
		return -1;
	if (access(buf_text(&installation->program), X_OK) == 0)
		return 0;
	return error_set_errno(err, ERROR_SYSTEM, "%s",
	    buf_text(&installation->program));
}

static int
write_unit(struct installation *installation, int unit, struct error *err)
{
	const char *path = installation->path[unit];
	struct buf text;
	int result;

	buf_init(&text, TEXT_MAX);
	result = queue_units_add(&text, names[unit],
	    buf_text(&installation->program), err);
	if (result == 0)
		result = file_make_directories(path, err);
	if (result == 0)
		result = file_replace(path, text.data, text.len, 0644, err);
	installation->is_changed[unit] = result == 0;
	buf_done(&text);
	return result;
}

static void
enable_timer(struct installation *installation)
{
	if (!queue_manager_reload() || !queue_manager_enable(true))
		installation->command =
		    "systemctl --user enable --now " QUEUE_TIMER_NAME;
}

static int
uninstall(struct installation *installation, struct error *err)
{
	bool exists[UNIT_COUNT];

	for (int i = 0; i < UNIT_COUNT; i++) {
		if (check_ours(installation->path[i], &exists[i], err) == -1)
			return -1;
	}
	if (exists[0] || exists[1])
		disable_timer();
	for (int i = 0; i < UNIT_COUNT; i++) {
		if (!exists[i])
			continue;
		if (unlink(installation->path[i]) == -1)
			return error_set_errno(err, ERROR_CREATE, "%s",
			    installation->path[i]);
		installation->is_changed[i] = true;
	}
	if (exists[0] || exists[1])
		queue_manager_reload();
	if (installation->as_json)
		print_json(installation, "removed");
	else
		print_removed(installation);
	return 0;
}

/* Without a manager, the link that enables it is removed here. */
static void
disable_timer(void)
{
	struct error ignored;
	char *link;

	if (queue_manager_reload() && queue_manager_enable(false))
		return;
	link =
	    queue_timer_path("timers.target.wants/" QUEUE_TIMER_NAME, &ignored);
	if (link != NULL)
		unlink(link);
	free(link);
}

/* ERROR_CREATE: another program or a person made the file. */
static int
check_ours(const char *path, bool *ret_exists, struct error *err)
{
	struct stat status;

	*ret_exists = lstat(path, &status) == 0;
	if (!*ret_exists)
		return errno == ENOENT || errno == ENOTDIR
		    ? 0
		    : error_set_errno(err, ERROR_CREATE, "%s", path);
	if (S_ISREG(status.st_mode) && status.st_uid == geteuid() &&
	    has_mark(path))
		return 0;
	error_set(err, ERROR_CREATE,
	    "%s: was not written by postrider queue install", path);
	return error_hint(err, "move it away and run the command again");
}

static bool
has_mark(const char *path)
{
	struct buf text;
	struct error ignored;
	int fd = file_open(path, ERROR_CREATE, &ignored);
	bool result = false;

	buf_init(&text, TEXT_MAX);
	if (fd != -1 && file_read(fd, &text, path, &ignored) == 0)
		result = strncmp(buf_text(&text), QUEUE_UNITS_MARK,
			     strlen(QUEUE_UNITS_MARK)) == 0;
	if (fd != -1)
		close(fd);
	buf_done(&text);
	return result;
}

static void
print_installed(const struct installation *installation)
{
	for (int i = 0; i < UNIT_COUNT; i++)
		printf("wrote %s\n", installation->path[i]);
	if (installation->command != NULL) {
		printf("to enable the timer, run %s\n", installation->command);
		return;
	}
	puts("enabled " QUEUE_TIMER_NAME
	     ": the queue is sent at login and every 15 minutes");
	if (!queue_manager_is_permanent())
		puts("to have it sent also while you are logged out, run "
		     "loginctl enable-linger");
}

static void
print_removed(const struct installation *installation)
{
	bool is_changed = false;

	for (int i = 0; i < UNIT_COUNT; i++) {
		if (installation->is_changed[i])
			printf("removed %s\n", installation->path[i]);
		is_changed = is_changed || installation->is_changed[i];
	}
	if (!is_changed)
		puts("no timer is installed");
}

static void
print_json(const struct installation *installation, const char *status)
{
	struct json json = {.out = stdout};

	json_open(&json, NULL, '{');
	json_text(&json, "status", status);
	json_open(&json, "files", '[');
	for (int i = 0; i < UNIT_COUNT; i++) {
		if (installation->is_changed[i])
			json_text(&json, NULL, installation->path[i]);
	}
	json_close(&json, ']');
	json_text(&json, "command", installation->command);
	json_close(&json, '}');
	json_end(&json);
}

/* SPDX-License-Identifier: MIT */
/*
 * Reads a line from the terminal, without echo if it is secret, or a key.
 * Restores the terminal before a signal ends or stops the process.
 */
#include "credential/terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/text.h"

enum {
	/* A signal that another thread handled is noticed after this time. */
	SIGNAL_INTERVAL_MS = 100,
	LINE_MAX_BYTES = 4096 /* the longest line of a terminal */
};

/* The signals that would leave the terminal without echo. */
static const int signals[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP,
    SIGTTIN, SIGTTOU};

enum {
	SIGNAL_COUNT = sizeof signals / sizeof signals[0]
};

struct terminal {
	int fd;
	bool is_echoed;  /* the input is visible */
	bool is_key;     /* one key, not a line */
	bool is_changed; /* the terminal must be restored */
	int64_t deadline_ms;
	struct termios before;
	struct sigaction handler_before[SIGNAL_COUNT];
};

static volatile sig_atomic_t signal_caught;

static int terminal_run(struct terminal *terminal, const char *question,
    struct secret *answer, struct error *err);
static int terminal_ask_once(struct terminal *terminal, const char *question,
    struct secret *secret, struct error *err);
static void terminal_catch_signals(struct terminal *terminal);
static void terminal_release_signals(const struct terminal *terminal);
static void terminal_prepare(struct terminal *terminal);
static void terminal_restore(struct terminal *terminal);
static int terminal_wait_for_line(const struct terminal *terminal,
    struct error *err);
static int terminal_read_line(const struct terminal *terminal,
    struct secret *secret, struct error *err);
static int terminal_read_key(const struct terminal *terminal,
    struct secret *secret, struct error *err);
static int terminal_ended(struct error *err);
static bool signal_is_stop(int number);
static void terminal_on_signal(int number);

int
terminal_ask(const char *question, bool is_echoed, struct secret *answer,
    struct error *err)
{
	return terminal_ask_until(question, is_echoed, INT64_MAX, answer, err);
}

int
terminal_ask_until(const char *question, bool is_echoed, int64_t deadline_ms,
    struct secret *answer, struct error *err)
{
	struct terminal terminal = {.is_echoed = is_echoed,
	    .deadline_ms = deadline_ms};

	return terminal_run(&terminal, question, answer, err);
}

int
terminal_ask_yes(const char *question, bool is_yes_by_default, bool *ret_is_yes,
    struct error *err)
{
	struct secret *answer = secret_new(err);
	int result = -1;

	if (answer != NULL)
		result = terminal_ask(question, true, answer, err);
	if (result == 0 && secret_len(answer) == 0)
		*ret_is_yes = is_yes_by_default;
	else if (result == 0)
		*ret_is_yes = text_equals(secret_bytes(answer), "y") ||
		    text_equals(secret_bytes(answer), "yes");
	secret_free(answer);
	return result;
}

int
terminal_ask_key(const char *question, char *ret_key, struct error *err)
{
	struct terminal terminal = {.is_key = true, .deadline_ms = INT64_MAX};
	struct secret *answer = secret_new(err);
	int result = -1;

	if (answer != NULL)
		result = terminal_run(&terminal, question, answer, err);
	if (result == 0)
		*ret_key = *secret_bytes(answer);
	secret_free(answer);
	return result;
}

static int
terminal_run(struct terminal *terminal, const char *question,
    struct secret *answer, struct error *err)
{
	int caught;
	int result;

	terminal->fd = open("/dev/tty", O_RDWR | O_CLOEXEC);
	if (terminal->fd == -1)
		return error_set_errno(err, ERROR_INPUT, "/dev/tty");
	do {
		result = terminal_ask_once(terminal, question, answer, err);
		caught = signal_caught;
		if (caught != 0)
			raise(caught);
	} while (result == -1 && signal_is_stop(caught));
	close(terminal->fd);
	return result;
}

/* If a signal arrives, fails and leaves its number in signal_caught. */
static int
terminal_ask_once(struct terminal *terminal, const char *question,
    struct secret *secret, struct error *err)
{
	struct error ignored;
	int result;

	signal_caught = 0;
	terminal_catch_signals(terminal);
	terminal_prepare(terminal);
	if (signal_caught != 0)
		result = error_set(err, ERROR_AUTH, "the prompt was stopped");
	else
		result =
		    file_write(terminal->fd, question, strlen(question), err);
	if (result == 0)
		result = terminal_wait_for_line(terminal, err);
	if (result == 0)
		result = terminal->is_key
		    ? terminal_read_key(terminal, secret, err)
		    : terminal_read_line(terminal, secret, err);
	/* What follows begins on a line of its own. */
	if (!terminal->is_echoed || result == -1)
		file_write(terminal->fd, "\n", 1, &ignored);
	terminal_restore(terminal);
	terminal_release_signals(terminal);
	return result;
}

static void
terminal_catch_signals(struct terminal *terminal)
{
	struct sigaction action = {.sa_handler = terminal_on_signal};

	sigemptyset(&action.sa_mask);
	for (size_t i = 0; i < SIGNAL_COUNT; i++) {
		struct sigaction *before = &terminal->handler_before[i];

		sigaction(signals[i], NULL, before);
		if (before->sa_handler != SIG_IGN)
			sigaction(signals[i], &action, NULL);
	}
}

static void
terminal_release_signals(const struct terminal *terminal)
{
	for (size_t i = 0; i < SIGNAL_COUNT; i++)
		sigaction(signals[i], &terminal->handler_before[i], NULL);
}

static void
terminal_prepare(struct terminal *terminal)
{
	struct termios silent;

	terminal->is_changed = false;
	if (terminal->is_echoed ||
	    tcgetattr(terminal->fd, &terminal->before) == -1)
		return;
	silent = terminal->before;
	silent.c_lflag &= ~(tcflag_t)(ECHO | ECHONL);
	silent.c_lflag |= ICANON | ISIG;
	if (terminal->is_key) {
		silent.c_lflag &= ~(tcflag_t)ICANON;
		silent.c_cc[VMIN] = 1;
		silent.c_cc[VTIME] = 0;
	}
	/* In the background, SIGTTOU stops the process; terminal_ask then
	 * repeats this in the foreground. */
	terminal->is_changed = tcsetattr(terminal->fd, TCSAFLUSH, &silent) == 0;
}

static void
terminal_restore(struct terminal *terminal)
{
	if (!terminal->is_changed)
		return;
	while (tcsetattr(terminal->fd, TCSAFLUSH, &terminal->before) == -1 &&
	    errno == EINTR && signal_caught != SIGTTOU)
		continue;
}

static int
terminal_wait_for_line(const struct terminal *terminal, struct error *err)
{
	struct pollfd ready = {.fd = terminal->fd, .events = POLLIN};

	while (signal_caught == 0) {
		if (poll(&ready, 1, SIGNAL_INTERVAL_MS) > 0)
			return 0;
		if (clock_left_ms(terminal->deadline_ms) == 0)
			return error_set(err, ERROR_TEMPORARY,
			    "the prompt was not answered before the deadline");
	}
	return error_set(err, ERROR_AUTH, "the prompt was interrupted");
}

static int
terminal_read_line(const struct terminal *terminal, struct secret *secret,
    struct error *err)
{
	char line[LINE_MAX_BYTES];
	ssize_t got = read(terminal->fd, line, sizeof line);
	int result = 0;

	if (got > 0)
		result = secret_add(secret, line, (size_t)got, err);
	else if (got == -1)
		result = error_set_errno(err, ERROR_IO, "/dev/tty");
	else
		result = terminal_ended(err);
	secret_wipe(line, sizeof line);
	secret_cut_line(secret);
	return result;
}

/* Ctrl-D is a byte here. */
static int
terminal_read_key(const struct terminal *terminal, struct secret *secret,
    struct error *err)
{
	cc_t end = terminal->is_changed ? terminal->before.c_cc[VEOF] : '\0';
	char key = '\0';
	struct error ignored;

	if (read(terminal->fd, &key, 1) == -1)
		return error_set_errno(err, ERROR_IO, "/dev/tty");
	if (key == '\0' || key == (char)end)
		return terminal_ended(err);
	if (key == '\r')
		key = '\n';
	if (key > ' ' && key < '\x7f')
		file_write(terminal->fd, &key, 1, &ignored);
	return secret_add(secret, &key, 1, err);
}

static int
terminal_ended(struct error *err)
{
	return error_set(err, ERROR_INPUT, "the input ended at the prompt");
}

static bool
signal_is_stop(int number)
{
	return number == SIGTSTP || number == SIGTTIN || number == SIGTTOU;
}

static void
terminal_on_signal(int number)
{
	signal_caught = number;
}

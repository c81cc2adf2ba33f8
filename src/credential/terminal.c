/* SPDX-License-Identifier: MIT */
/*
 * The terminal, asked for one line. Doesn't know what the line is for.
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

#include "base/file.h"

enum {
	/* How soon a signal is noticed that another thread was given. */
	SIGNAL_INTERVAL_MS = 100,
	LINE_MAX_BYTES = 4096 /* terminals hold no longer one */
};

/* What would leave the terminal without echo. */
static const int signals[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP,
    SIGTTIN, SIGTTOU};

enum {
	SIGNAL_COUNT = sizeof signals / sizeof signals[0]
};

struct terminal {
	int fd;
	bool is_shown;  /* what is typed */
	bool is_silent; /* echo was switched off */
	struct termios before;
	struct sigaction handler_before[SIGNAL_COUNT];
};

static volatile sig_atomic_t signal_caught;

static int ask(struct terminal *terminal, const char *question,
    struct secret *secret, struct error *err);
static void catch_signals(struct terminal *terminal);
static void release_signals(const struct terminal *terminal);
static void set_echo_off(struct terminal *terminal);
static void restore_echo(struct terminal *terminal);
static int wait_for_line(const struct terminal *terminal, struct error *err);
static int read_line(const struct terminal *terminal, struct secret *secret,
    struct error *err);
static bool is_stop(int number);
static void on_signal(int number);

int
terminal_ask(const char *question, bool is_shown, struct secret *answer,
    struct error *err)
{
	struct terminal terminal = {.fd = open("/dev/tty", O_RDWR | O_CLOEXEC),
	    .is_shown = is_shown};
	int caught;
	int result;

	if (terminal.fd == -1)
		return error_set_errno(err, ERROR_INPUT, "/dev/tty");
	do {
		result = ask(&terminal, question, answer, err);
		caught = signal_caught;
		if (caught != 0)
			raise(caught);
	} while (result == -1 && is_stop(caught));
	close(terminal.fd);
	return result;
}

/* A signal that comes meanwhile is left in signal_caught; there is no line
 * then. */
static int
ask(struct terminal *terminal, const char *question, struct secret *secret,
    struct error *err)
{
	int result;

	signal_caught = 0;
	catch_signals(terminal);
	set_echo_off(terminal);
	if (signal_caught != 0)
		result = error_set(err, ERROR_AUTH, "the question was stopped");
	else
		result =
		    file_write(terminal->fd, question, strlen(question), err);
	if (result == 0)
		result = wait_for_line(terminal, err);
	if (result == 0)
		result = read_line(terminal, secret, err);
	if (result == 0 && !terminal->is_shown)
		result = file_write(terminal->fd, "\n", 1, err);
	restore_echo(terminal);
	release_signals(terminal);
	return result;
}

static void
catch_signals(struct terminal *terminal)
{
	struct sigaction action = {.sa_handler = on_signal};

	sigemptyset(&action.sa_mask);
	for (size_t i = 0; i < SIGNAL_COUNT; i++) {
		struct sigaction *before = &terminal->handler_before[i];

		sigaction(signals[i], NULL, before);
		if (before->sa_handler != SIG_IGN)
			sigaction(signals[i], &action, NULL);
	}
}

static void
release_signals(const struct terminal *terminal)
{
	for (size_t i = 0; i < SIGNAL_COUNT; i++)
		sigaction(signals[i], &terminal->handler_before[i], NULL);
}

static void
set_echo_off(struct terminal *terminal)
{
	struct termios silent;

	terminal->is_silent = false;
	if (terminal->is_shown ||
	    tcgetattr(terminal->fd, &terminal->before) == -1)
		return;
	silent = terminal->before;
	silent.c_lflag &= ~(tcflag_t)(ECHO | ECHONL);
	silent.c_lflag |= ICANON | ISIG;
	/* In the background this earns a SIGTTOU, and is done once more when
	 * the process is back. */
	terminal->is_silent = tcsetattr(terminal->fd, TCSAFLUSH, &silent) == 0;
}

static void
restore_echo(struct terminal *terminal)
{
	if (!terminal->is_silent)
		return;
	while (tcsetattr(terminal->fd, TCSAFLUSH, &terminal->before) == -1 &&
	    errno == EINTR && signal_caught != SIGTTOU)
		continue;
}

static int
wait_for_line(const struct terminal *terminal, struct error *err)
{
	struct pollfd ready = {.fd = terminal->fd, .events = POLLIN};

	while (signal_caught == 0) {
		if (poll(&ready, 1, SIGNAL_INTERVAL_MS) > 0)
			return 0;
	}
	return error_set(err, ERROR_AUTH, "the question was interrupted");
}

static int
read_line(const struct terminal *terminal, struct secret *secret,
    struct error *err)
{
	char line[LINE_MAX_BYTES];
	ssize_t got = read(terminal->fd, line, sizeof line);
	int result = 0;

	if (got > 0)
		result = secret_add(secret, line, (size_t)got, err);
	else if (got == -1)
		result = error_set_errno(err, ERROR_IO, "/dev/tty");
	secret_wipe(line, sizeof line);
	secret_cut_line(secret);
	return result;
}

static bool
is_stop(int number)
{
	return number == SIGTSTP || number == SIGTTIN || number == SIGTTOU;
}

static void
on_signal(int number)
{
	signal_caught = number;
}

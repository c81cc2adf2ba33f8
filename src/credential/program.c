/* SPDX-License-Identifier: MIT */
/*
 * Runs a program and collects its answer. Reads standard output and standard
 * error at the same time, so that the program can't block on either.
 */
#include "credential/program.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include "base/child-stderr.h"
#include "base/clock.h"
#include "credential/source.h"

enum {
	SUPERVISE_INTERVAL_MS = 50,
	SIGNAL_COUNT = 3
};

/* The signals that are passed on to an interactive program. */
static const int signals[SIGNAL_COUNT] = {SIGHUP, SIGINT, SIGTERM};

static volatile sig_atomic_t signal_caught;

static int program_spawn(struct credential_program *program, char *const argv[],
    unsigned in, struct error *err);
static int program_supervise(struct credential_program *program,
    struct secret *answer, int *ret_status, struct error *err);
static int program_read_available(struct credential_program *program,
    struct secret *answer, struct error *err);
static int program_read_rest(struct credential_program *program,
    struct secret *answer, struct error *err);
static void program_on_signal(int number);
static int program_read_outputs(struct credential_program *program,
    int64_t *deadline_ms, struct secret *answer, struct error *err);
static int program_read_answer(struct spawn_child *child, struct secret *answer,
    struct error *err);
static void program_read_stderr(struct credential_program *program,
    int64_t *deadline_ms);
static void program_close_pipe(int *fd);

void
credential_program_init(struct credential_program *program)
{
	*program = (struct credential_program){.start_ms = clock_now_ms()};
	spawn_init(&program->child);
	buf_init(&program->stderr_text, CHILD_STDERR_MAX);
}

int
credential_program_start(struct credential_program *program, char *const argv[],
    const struct credential_message *input, struct error *err)
{
	unsigned in = input == NULL ? 0 : SPAWN_IN;
	int result = 0;

	if (program->only_registers)
		return program_spawn(program, argv, SPAWN_NOT_NOW, err);
	if (program_spawn(program, argv, in, err) == -1)
		return -1;
	if (input != NULL)
		result =
		    credential_message_write(input, program->child.in, err);
	spawn_close_in(&program->child);
	return result;
}

int
credential_program_open(struct credential_program *program, char *const argv[],
    struct error *err)
{
	return program_spawn(program, argv, SPAWN_IN, err);
}

int
credential_program_finish(struct credential_program *program,
    int64_t deadline_ms, struct secret *answer, int *ret_status,
    struct error *err)
{
	if (program_read_outputs(program, &deadline_ms, answer, err) == -1 ||
	    spawn_wait(&program->child, deadline_ms, ret_status, err) == -1)
		return -1;
	child_stderr_read_rest(&program->child, &program->stderr_text);
	return 0;
}

int
credential_program_await(struct credential_program *program, const char *name,
    int64_t deadline_ms, struct secret *answer, int *ret_status,
    struct error *err)
{
	int64_t given_ms = deadline_ms - program->start_ms;

	if (credential_program_finish(program, deadline_ms, answer, ret_status,
		err) == 0)
		return 0;
	if (err->code != ERROR_TEMPORARY)
		return -1;
	/* In tenths: the deadline was set a moment before the start. */
	error_set(err, ERROR_KEYRING, "%s didn't answer within %.1f s", name,
	    given_ms > 0 ? (double)given_ms / 1000 : 0);
	if (program->is_configured)
		error_hint(err,
		    "unlock what the command reads first (gpg-agent, the "
		    "password manager), or increase timeout; it may wait for a "
		    "prompt that no one sees");
	return error_set_cause(err, "credential-program");
}

int
credential_program_start_interactive(struct credential_program *program,
    char *const argv[], const struct credential_message *input, bool is_quiet,
    struct error *err)
{
	unsigned pipes = SPAWN_SAME_IN | SPAWN_ERR;
	int result = 0;

	if (is_quiet)
		pipes |= SPAWN_OUT_TO_ERR;
	if (input != NULL)
		pipes |= SPAWN_MORE | SPAWN_ANSWER;
	credential_variable_forget(CREDENTIAL_VARIABLE);
	if (spawn_start(&program->child, argv, pipes, err) == -1)
		return -1;
	if (input != NULL)
		result =
		    credential_message_write(input, program->child.more, err);
	spawn_close_more(&program->child);
	return result;
}

int
credential_program_wait_interactive(struct credential_program *program,
    struct secret *answer, int *ret_status, int *ret_signal, struct error *err)
{
	struct sigaction action = {.sa_handler = program_on_signal};
	struct sigaction before[SIGNAL_COUNT];
	int result;

	signal_caught = 0;
	sigemptyset(&action.sa_mask);
	for (size_t i = 0; i < SIGNAL_COUNT; i++) {
		sigaction(signals[i], NULL, &before[i]);
		if (before[i].sa_handler != SIG_IGN)
			sigaction(signals[i], &action, NULL);
	}
	result = program_supervise(program, answer, ret_status, err);
	for (size_t i = 0; i < SIGNAL_COUNT; i++)
		sigaction(signals[i], &before[i], NULL);
	*ret_signal = signal_caught;
	return result;
}

void
credential_program_done(struct credential_program *program)
{
	spawn_done(&program->child);
	buf_done(&program->stderr_text);
}

static int
program_spawn(struct credential_program *program, char *const argv[],
    unsigned in, struct error *err)
{
	unsigned may_finish = program->may_finish ? SPAWN_MAY_FINISH : 0;

	credential_variable_forget(CREDENTIAL_VARIABLE);
	return launcher_spawn(program->launcher, &program->child, argv, NULL,
	    in | SPAWN_OUT | SPAWN_ERR | may_finish, err);
}

/* Doesn't wait for the end of standard error: a browser that the program
 * started may keep it open. */
static int
program_supervise(struct credential_program *program, struct secret *answer,
    int *ret_status, struct error *err)
{
	for (;;) {
		int status;

		if (program_read_available(program, answer, err) == -1)
			return -1;
		if (signal_caught != 0)
			kill(program->child.pid, signal_caught);
		if (spawn_wait(&program->child, clock_now_ms(), &status, err) ==
		    0) {
			child_stderr_read_rest(&program->child,
			    &program->stderr_text);
			*ret_status = status;
			return program_read_rest(program, answer, err);
		}
		if (err->code != ERROR_TEMPORARY)
			return -1;
	}
}

/* Waits for output for one interval at most, and reads it. */
static int
program_read_available(struct credential_program *program,
    struct secret *answer, struct error *err)
{
	struct spawn_child *child = &program->child;
	struct pollfd ready[] = {{.fd = child->err, .events = POLLIN},
	    {.fd = child->out, .events = POLLIN}};
	int64_t unused = 0;

	if (poll(ready, 2, SUPERVISE_INTERVAL_MS) <= 0)
		return 0;
	if (ready[0].revents != 0)
		program_read_stderr(program, &unused);
	return ready[1].revents != 0 ? program_read_answer(child, answer, err)
				     : 0;
}

/* The program has ended, and its children don't inherit the descriptor. */
static int
program_read_rest(struct credential_program *program, struct secret *answer,
    struct error *err)
{
	while (program->child.out != -1) {
		if (program_read_answer(&program->child, answer, err) == -1)
			return -1;
	}
	return 0;
}

static void
program_on_signal(int number)
{
	signal_caught = number;
}

/*
 * Reads until the end of standard output, not of standard error: a daemon that
 * the program started may keep that open.
 */
static int
program_read_outputs(struct credential_program *program, int64_t *deadline_ms,
    struct secret *answer, struct error *err)
{
	struct spawn_child *child = &program->child;

	while (child->out != -1) {
		struct pollfd ready[] = {{.fd = child->out, .events = POLLIN},
		    {.fd = child->err, .events = POLLIN}};
		int left_ms = clock_left_ms(*deadline_ms);
		int count = poll(ready, 2, left_ms);

		if (count == 0 || left_ms == 0)
			return error_set(err, ERROR_TEMPORARY,
			    "the program exceeded the time limit");
		if (count == -1)
			continue;
		if (ready[1].revents != 0)
			program_read_stderr(program, deadline_ms);
		if (ready[0].revents != 0 &&
		    program_read_answer(child, answer, err) == -1)
			return -1;
	}
	return 0;
}

static int
program_read_answer(struct spawn_child *child, struct secret *answer,
    struct error *err)
{
	char piece[1024];
	ssize_t got = read(child->out, piece, sizeof piece);
	int result = 0;

	if (got > 0 && answer != NULL)
		result = secret_add(answer, piece, (size_t)got, err);
	else if (got == 0)
		program_close_pipe(&child->out);
	else if (got == -1 && errno != EINTR && errno != EAGAIN)
		result = error_set_errno(err, ERROR_IO, "reading a credential");
	secret_wipe(piece, sizeof piece);
	return result;
}

static void
program_read_stderr(struct credential_program *program, int64_t *deadline_ms)
{
	const char *line;
	int len;

	child_stderr_read(&program->child, &program->stderr_text);
	if (program->final_deadline_ms != 0 &&
	    child_stderr_find(&program->stderr_text, CREDENTIAL_PROGRAM_WAIT,
		NULL, &line, &len)) {
		*deadline_ms = clock_earlier_ms(program->final_deadline_ms,
		    clock_now_ms() + CREDENTIAL_PROGRAM_PATIENCE_MS);
		program->final_deadline_ms = 0;
	}
}

static void
program_close_pipe(int *fd)
{
	close(*fd);
	*fd = -1;
}

/* SPDX-License-Identifier: MIT */
/*
 * Running a program for its answer. Reads both of its outputs at once, so that
 * it can't block on one of them. Doesn't know what the answer means.
 */
#include "credential/program.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/text.h"
#include "credential/source.h"

enum {
	COMPLAINT_MAX = 8192,
	COMPLAINT_KEPT = 2048, /* the newest bytes, when it gets longer */
	ATTEND_INTERVAL_MS = 50,
	SIGNAL_COUNT = 3
};

static const char wait_prefix[] = "wait: ";

/* What ends both the program and us. */
static const int signals[SIGNAL_COUNT] = {SIGHUP, SIGINT, SIGTERM};

static volatile sig_atomic_t signal_caught;

static int start(struct credential_program *program, char *const argv[],
    unsigned in, struct error *err);
static int attend(struct credential_program *program, struct secret *answer,
    int *ret_status, struct error *err);
static int read_attended(struct credential_program *program,
    struct secret *answer, struct error *err);
static int read_last_answer(struct credential_program *program,
    struct secret *answer, struct error *err);
static bool find_message(const struct buf *complaint, const char **ret_line,
    int *ret_len);
static void on_signal(int number);
static int read_outputs(struct credential_program *program,
    int64_t *deadline_ms, struct secret *answer, struct error *err);
static int read_answer(struct spawn_child *child, struct secret *answer,
    struct error *err);
static void read_complaint(struct credential_program *program,
    int64_t *deadline_ms);
static void read_last_complaints(struct credential_program *program);
static bool find_line(const struct buf *text, const char *prefix,
    const char **ret_line, int *ret_len);
static void close_end(int *fd);

void
credential_program_init(struct credential_program *program)
{
	spawn_init(&program->child);
	buf_init(&program->complaint, COMPLAINT_MAX);
	program->may_ask = false;
	program->may_finish = false;
}

int
credential_program_start(struct credential_program *program, char *const argv[],
    const struct credential_message *input, struct error *err)
{
	unsigned in = input == NULL ? 0 : SPAWN_IN;
	int result = 0;

	if (start(program, argv, in, err) == -1)
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
	return start(program, argv, SPAWN_IN, err);
}

void
credential_program_listen(struct credential_program *program)
{
	int64_t unused = 0;

	read_complaint(program, &unused);
}

int
credential_program_finish(struct credential_program *program,
    int64_t deadline_ms, struct secret *answer, int *ret_status,
    struct error *err)
{
	if (read_outputs(program, &deadline_ms, answer, err) == -1 ||
	    spawn_wait(&program->child, deadline_ms, ret_status, err) == -1)
		return -1;
	read_last_complaints(program);
	return 0;
}

int
credential_program_start_attended(struct credential_program *program,
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
credential_program_attend(struct credential_program *program,
    struct secret *answer, int *ret_status, int *ret_signal, struct error *err)
{
	struct sigaction action = {.sa_handler = on_signal};
	struct sigaction before[SIGNAL_COUNT];
	int result;

	signal_caught = 0;
	sigemptyset(&action.sa_mask);
	for (size_t i = 0; i < SIGNAL_COUNT; i++) {
		sigaction(signals[i], NULL, &before[i]);
		if (before[i].sa_handler != SIG_IGN)
			sigaction(signals[i], &action, NULL);
	}
	result = attend(program, answer, ret_status, err);
	for (size_t i = 0; i < SIGNAL_COUNT; i++)
		sigaction(signals[i], &before[i], NULL);
	*ret_signal = signal_caught;
	return result;
}

int
credential_program_explain(const struct credential_program *program,
    const char *name, int status, enum error_code code, struct error *err)
{
	const struct buf *complaint = &program->complaint;
	const char *line;
	int len;

	if (find_message(complaint, &line, &len))
		error_set(err, code, "%.*s", len, line);
	else if (find_line(complaint, "", &line, &len))
		error_set(err, code, "%s: %.*s", name, len, line);
	else if (status > 128)
		error_set(err, code, "%s was ended by signal %d", name,
		    status - 128);
	else
		error_set(err, code, "%s ended with exit status %d", name,
		    status);
	if (find_line(complaint, "hint: ", &line, &len))
		error_hint(err, "%.*s", len, line);
	return -1;
}

bool
credential_program_warning(const struct credential_program *program,
    struct error *ret_warning)
{
	const char *line;
	int len;

	if (!find_line(&program->complaint, "warning: ", &line, &len))
		return false;
	error_set(ret_warning, ERROR_KEYRING, "%.*s", len, line);
	if (find_line(&program->complaint, "hint: ", &line, &len))
		error_hint(ret_warning, "%.*s", len, line);
	return true;
}

void
credential_program_done(struct credential_program *program)
{
	spawn_done(&program->child);
	buf_done(&program->complaint);
}

static int
start(struct credential_program *program, char *const argv[], unsigned in,
    struct error *err)
{
	unsigned may_finish = program->may_finish ? SPAWN_MAY_FINISH : 0;

	credential_variable_forget(CREDENTIAL_VARIABLE);
	return spawn_start(&program->child, argv,
	    in | SPAWN_OUT | SPAWN_ERR | may_finish, err);
}

/* Not until stderr ends: a browser that the program started may keep that
 * open. */
static int
attend(struct credential_program *program, struct secret *answer,
    int *ret_status, struct error *err)
{
	for (;;) {
		int status;

		if (read_attended(program, answer, err) == -1)
			return -1;
		if (signal_caught != 0)
			kill(program->child.pid, signal_caught);
		if (spawn_wait(&program->child, clock_now_ms(), &status, err) ==
		    0) {
			read_last_complaints(program);
			*ret_status = status;
			return read_last_answer(program, answer, err);
		}
		if (err->code != ERROR_TEMPORARY)
			return -1;
	}
}

/* Reads what is there, waiting for it no longer than an interval. */
static int
read_attended(struct credential_program *program, struct secret *answer,
    struct error *err)
{
	struct spawn_child *child = &program->child;
	struct pollfd ready[] = {{.fd = child->err, .events = POLLIN},
	    {.fd = child->out, .events = POLLIN}};
	int64_t unused = 0;

	if (poll(ready, 2, ATTEND_INTERVAL_MS) <= 0)
		return 0;
	if (ready[0].revents != 0)
		read_complaint(program, &unused);
	return ready[1].revents != 0 ? read_answer(child, answer, err) : 0;
}

/* The program is dead, and its children have no copy of the descriptor. */
static int
read_last_answer(struct credential_program *program, struct secret *answer,
    struct error *err)
{
	while (program->child.out != -1) {
		if (read_answer(&program->child, answer, err) == -1)
			return -1;
	}
	return 0;
}

static void
on_signal(int number)
{
	signal_caught = number;
}

/*
 * Reads until stdout ends, but not until stderr does: a daemon that the program
 * has started may keep it open.
 */
static int
read_outputs(struct credential_program *program, int64_t *deadline_ms,
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
			    "no answer within the time limit");
		if (count == -1)
			continue;
		if (ready[1].revents != 0)
			read_complaint(program, deadline_ms);
		if (ready[0].revents != 0 &&
		    read_answer(child, answer, err) == -1)
			return -1;
	}
	return 0;
}

static int
read_answer(struct spawn_child *child, struct secret *answer, struct error *err)
{
	char piece[1024];
	ssize_t got = read(child->out, piece, sizeof piece);
	int result = 0;

	if (got > 0)
		result = secret_add(answer, piece, (size_t)got, err);
	else if (got == 0)
		close_end(&child->out);
	else if (errno != EINTR && errno != EAGAIN)
		result = error_set_errno(err, ERROR_IO, "reading a credential");
	secret_wipe(piece, sizeof piece);
	return result;
}

/* What can't be read or kept of a complaint is no further failure. */
static void
read_complaint(struct credential_program *program, int64_t *deadline_ms)
{
	struct buf *complaint = &program->complaint;
	char piece[1024];
	ssize_t got = read(program->child.err, piece, sizeof piece);
	struct error ignored;
	const char *line;
	int len;

	if (got == 0 || (got == -1 && errno != EINTR && errno != EAGAIN))
		close_end(&program->child.err);
	if (got <= 0)
		return;
	if (complaint->len > COMPLAINT_MAX / 2)
		buf_drop(complaint, complaint->len - COMPLAINT_KEPT);
	buf_add(complaint, piece, (size_t)got, &ignored);
	if (program->may_ask &&
	    find_line(complaint, wait_prefix, &line, &len)) {
		program->may_ask = false;
		*deadline_ms = clock_now_ms() + CREDENTIAL_PROGRAM_PATIENCE_MS;
	}
}

/* The program is dead: what it wrote last is in the pipe already. */
static void
read_last_complaints(struct credential_program *program)
{
	int64_t unused = 0;

	if (program->child.err != -1)
		fcntl(program->child.err, F_SETFL, O_NONBLOCK);
	while (program->child.err != -1) {
		struct pollfd ready = {.fd = program->child.err,
		    .events = POLLIN};

		if (poll(&ready, 1, 0) <= 0)
			break;
		read_complaint(program, &unused);
	}
}

static bool
find_message(const struct buf *complaint, const char **ret_line, int *ret_len)
{
	return find_line(complaint, "postrider-credential: ", ret_line,
		   ret_len) ||
	    find_line(complaint, "postrider-oauth2: ", ret_line, ret_len);
}

/* Finds the last line that begins with prefix and has text after it. A line
 * that asks for patience explains nothing. */
static bool
find_line(const struct buf *text, const char *prefix, const char **ret_line,
    int *ret_len)
{
	size_t prefix_len = strlen(prefix);
	const char *line = buf_text(text);
	bool found = false;

	while (*line != '\0') {
		size_t len = strcspn(line, "\n");

		if (len > prefix_len &&
		    strncmp(line, prefix, prefix_len) == 0 &&
		    (prefix_len > 0 || !text_has_prefix(line, wait_prefix))) {
			*ret_line = line + prefix_len;
			*ret_len = (int)(len - prefix_len);
			found = true;
		}
		line += len + (line[len] == '\n');
	}
	return found;
}

static void
close_end(int *fd)
{
	close(*fd);
	*fd = -1;
}

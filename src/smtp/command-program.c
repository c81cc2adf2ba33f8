/* SPDX-License-Identifier: MIT */
/*
 * Runs a program and exchanges lines with it. Every wait has a time limit, and
 * the program is terminated in the end.
 */
#include "smtp/command-program.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <unistd.h>

#include "base/child-stderr.h"
#include "base/clock.h"
#include "base/excerpt.h"
#include "base/launcher.h"
#include "base/words.h"
#include "smtp/command-environment.h"

enum {
	WORDS_MAX = 32,
	COMMAND_MAX = 8192,
	END_INTERVAL_MS = 20
};

static int command_program_spawn(struct command_program *program,
    char *const word[], struct error *err);
static int command_program_read_byte(struct command_program *program,
    bool *ret_ended, struct error *err);
static void command_program_write_secret(struct command_program *program);
static void command_program_write_line(struct command_program *program);
static bool write_some(int fd, const char *bytes, size_t len, size_t *done);
static int command_program_explain_end(struct command_program *program,
    struct error *err);
static int command_program_await_end(struct command_program *program,
    int *ret_status, struct error *err);
static void discard_output(int *fd);
static int command_program_explain_status(struct command_program *program,
    int status, enum error_code code, struct error *err);
static int command_program_out_of_time(const struct command_program *program,
    struct error *err);

void
command_program_init(struct command_program *program)
{
	*program = (struct command_program){.params = NULL,
	    .spawn_flags = SPAWN_IN | SPAWN_OUT | SPAWN_ERR | SPAWN_MORE};
	spawn_init(&program->child);
	buf_init(&program->input, COMMAND_PROGRAM_LINE_MAX + 1);
	buf_init(&program->stderr_text, CHILD_STDERR_MAX);
}

int
command_program_start(struct command_program *program,
    const struct smtp_params *params, const struct secret *secret,
    struct error *err)
{
	char *word[WORDS_MAX + 1] = {NULL};
	struct buf text;
	size_t count = 0;
	int result = -1;

	program->params = params;
	program->secret = secret;
	if (secret != NULL)
		redaction_add_secret(&program->redaction, secret);
	buf_init(&text, COMMAND_MAX);
	if (buf_addf(&text, err, "%s", params->command) == -1)
		goto out;
	if (words_split(text.data, word, WORDS_MAX, &count) == -1)
		error_set(err, ERROR_CONFIG,
		    "the command of the mechanism has more than %d words",
		    WORDS_MAX);
	else if (count == 0)
		error_set(err, ERROR_CONFIG,
		    "the command of the mechanism names no program");
	else
		result = command_program_spawn(program, word, err);
out:
	buf_done(&text);
	return result;
}

void
command_program_register(const struct smtp_params *params)
{
	struct command_program program;
	struct error ignored;

	command_program_init(&program);
	program.spawn_flags = SPAWN_NOT_NOW;
	command_program_start(&program, params, NULL, &ignored);
	command_program_done(&program);
}

void
command_program_done(struct command_program *program)
{
	spawn_done(&program->child);
	secret_free(program->line);
	redaction_done(&program->redaction);
	buf_done(&program->input);
	buf_done(&program->stderr_text);
}

int
command_program_send(struct command_program *program, const char *line,
    struct error *err)
{
	buf_clear(&program->input);
	program->input_sent = 0;
	return buf_addf(&program->input, err, "%s\n", line);
}

/* Writes pending input and the secret while it waits. */
int
command_program_read(struct command_program *program, struct error *err)
{
	struct spawn_child *child = &program->child;
	int64_t deadline_ms = smtp_params_deadline(program->params);
	bool ended = false;

	secret_free(program->line);
	program->line = secret_new(err);
	if (program->line == NULL)
		return -1;
	while (!ended) {
		bool has_input = program->input_sent < program->input.len;
		struct pollfd ready[] = {{.fd = child->out, .events = POLLIN},
		    {.fd = child->err, .events = POLLIN},
		    {.fd = has_input ? child->in : -1, .events = POLLOUT},
		    {.fd = child->more, .events = POLLOUT}};
		int left_ms = clock_left_ms(deadline_ms);
		int count = poll(ready, 4, left_ms);

		if (count == 0 || left_ms == 0)
			return command_program_out_of_time(program, err);
		if (count == -1)
			continue;
		if (ready[1].revents != 0)
			child_stderr_read(child, &program->stderr_text);
		if (ready[2].revents != 0)
			command_program_write_line(program);
		if (ready[3].revents != 0)
			command_program_write_secret(program);
		if (ready[0].revents != 0 &&
		    command_program_read_byte(program, &ended, err) == -1)
			return -1;
	}
	redaction_add(&program->redaction, secret_bytes(program->line),
	    secret_len(program->line));
	return 0;
}

int
command_program_finish(struct command_program *program, struct error *err)
{
	int status = 0;

	spawn_close_in(&program->child);
	spawn_close_more(&program->child);
	if (command_program_await_end(program, &status, err) == -1)
		return -1;
	return status == 0 ? 0
			   : command_program_explain_status(program, status,
				 ERROR_SECURITY, err);
}

static int
command_program_spawn(struct command_program *program, char *const word[],
    struct error *err)
{
	struct spawn_child *child = &program->child;
	char **environment = command_environment_new(program->params, err);
	struct error cause;
	int result;

	if (environment == NULL)
		return -1;
	snprintf(program->name, sizeof program->name, "%s", word[0]);
	result = launcher_spawn(program->params->launcher, child, word,
	    environment, program->spawn_flags, &cause);
	words_free(environment);
	if (result == -1)
		return error_set(err, ERROR_CONFIG,
		    "the command of the mechanism: %s", cause.message);
	fcntl(child->in, F_SETFL, O_NONBLOCK);
	fcntl(child->more, F_SETFL, O_NONBLOCK);
	if (program->secret == NULL)
		spawn_close_more(child);
	return 0;
}

/* Reads one byte at a time, so that the output after the line end is left for
 * the next line. */
static int
command_program_read_byte(struct command_program *program, bool *ret_ended,
    struct error *err)
{
	char byte = '\0';
	ssize_t got = read(program->child.out, &byte, 1);
	int result = 0;

	if (got == -1 && (errno == EINTR || errno == EAGAIN))
		return 0;
	if (got != 1)
		return command_program_explain_end(program, err);
	if (byte == '\n')
		*ret_ended = true;
	else if (secret_len(program->line) == COMMAND_PROGRAM_LINE_MAX)
		result = error_set(err, ERROR_AUTH,
		    "%s: wrote a line of more than %d bytes", program->name,
		    COMMAND_PROGRAM_LINE_MAX);
	else
		result = secret_add(program->line, &byte, 1, err);
	secret_wipe(&byte, 1);
	return result;
}

/* The program may read the secret, close that descriptor, or do neither. */
static void
command_program_write_secret(struct command_program *program)
{
	if (!write_some(program->child.more, secret_bytes(program->secret),
		secret_len(program->secret), &program->secret_sent) ||
	    program->secret_sent == secret_len(program->secret))
		spawn_close_more(&program->child);
}

static void
command_program_write_line(struct command_program *program)
{
	/* A program that no longer reads may still answer. */
	if (!write_some(program->child.in, buf_text(&program->input),
		program->input.len, &program->input_sent))
		program->input_sent = program->input.len;
}

static bool
write_some(int fd, const char *bytes, size_t len, size_t *done)
{
	ssize_t written = write(fd, bytes + *done, len - *done);

	if (written >= 0)
		*done += (size_t)written;
	return written >= 0 || errno == EINTR || errno == EAGAIN;
}

/* The program's output ended during the exchange. */
static int
command_program_explain_end(struct command_program *program, struct error *err)
{
	int status = 0;

	if (command_program_await_end(program, &status, err) == -1)
		return -1;
	return command_program_explain_status(program, status, ERROR_AUTH, err);
}

/* Reads what it still writes, so that a full pipe does not block it. */
static int
command_program_await_end(struct command_program *program, int *ret_status,
    struct error *err)
{
	struct spawn_child *child = &program->child;
	int64_t deadline_ms = smtp_params_deadline(program->params);

	for (;;) {
		struct pollfd ready[] = {{.fd = child->out, .events = POLLIN},
		    {.fd = child->err, .events = POLLIN}};
		int64_t soon_ms = clock_now_ms() + END_INTERVAL_MS;

		poll(ready, 2, END_INTERVAL_MS);
		if (ready[0].revents != 0)
			discard_output(&child->out);
		if (ready[1].revents != 0)
			child_stderr_read(child, &program->stderr_text);
		if (child->out != -1 || child->err != -1)
			soon_ms = clock_now_ms();
		if (spawn_wait(child, soon_ms, ret_status, err) == 0)
			break;
		if (err->code != ERROR_TEMPORARY)
			return -1;
		if (clock_left_ms(deadline_ms) == 0)
			return command_program_out_of_time(program, err);
	}
	child_stderr_read_rest(child, &program->stderr_text);
	return 0;
}

static void
discard_output(int *fd)
{
	char piece[1024];
	ssize_t got = read(*fd, piece, sizeof piece);

	secret_wipe(piece, sizeof piece);
	if (got > 0 || (got == -1 && (errno == EINTR || errno == EAGAIN)))
		return;
	close(*fd);
	*fd = -1;
}

static int
command_program_explain_status(struct command_program *program, int status,
    enum error_code code, struct error *err)
{
	const char *withheld = "";
	struct error ignored;
	const char *line;
	int len;

	redaction_apply(&program->redaction, &program->stderr_text,
	    REDACTION_TEXT, &ignored);
	if (child_stderr_find(&program->stderr_text, "", NULL, &line, &len)) {
		if (!excerpt_is_in(line, (size_t)len, program->params->command))
			return error_set(err, code, "%s: %.*s", program->name,
			    len, line);
		withheld = EXCERPT_WITHHELD;
	}
	if (status > SPAWN_SIGNAL_BASE)
		return error_set(err, code, "%s was ended by signal %d%s",
		    program->name, status - SPAWN_SIGNAL_BASE, withheld);
	return error_set(err, code, "%s ended with exit status %d%s",
	    program->name, status, withheld);
}

static int
command_program_out_of_time(const struct command_program *program,
    struct error *err)
{
	return error_set(err, ERROR_TEMPORARY,
	    "%s: did not respond within the time limit", program->name);
}

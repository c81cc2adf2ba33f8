/* SPDX-License-Identifier: MIT */
/*
 * Runs a command that encrypts or decrypts. Writes to it and reads from it at
 * the same time, so that neither side waits for a full pipe.
 */
#include "vault/cipher-command.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include "base/child-stderr.h"
#include "base/clock.h"
#include "base/spawn.h"
#include "credential/program.h"

/* One of the two outputs is NULL. */
struct cipher_run {
	const struct cipher_command *command;
	struct credential_program program;
	const char *input; /* what the command hasn't read yet */
	size_t input_len;
	size_t output_len;
	struct buf *buf;
	struct secret *secret;
};

static int run_command(struct cipher_run *run, struct error *err);
static int exchange_bytes(struct cipher_run *run, struct error *err);
static int write_input(struct cipher_run *run, struct error *err);
static int read_output(struct cipher_run *run, struct error *err);
static int check_success(struct cipher_run *run, int status, struct error *err);
static int deadline_passed(const struct cipher_run *run, struct error *err);

int
cipher_command_encrypt(const struct cipher_command *command,
    const struct secret *input, struct buf *output, struct error *err)
{
	struct cipher_run run = {.command = command,
	    .input = secret_bytes(input),
	    .input_len = secret_len(input),
	    .buf = output};

	return run_command(&run, err);
}

int
cipher_command_decrypt(const struct cipher_command *command,
    const struct buf *input, struct secret *output, struct error *err)
{
	struct cipher_run run = {.command = command,
	    .input = buf_text(input),
	    .input_len = input->len,
	    .secret = output};

	return run_command(&run, err);
}

static int
run_command(struct cipher_run *run, struct error *err)
{
	struct credential_program *program = &run->program;
	char *argv[] = {"/bin/sh", "-c", (char *)run->command->command, NULL};
	int status;
	int result = -1;

	credential_program_init(program);
	program->is_configured = true;
	if (credential_program_open(program, argv, err) == -1 ||
	    fcntl(program->child.in, F_SETFL, O_NONBLOCK) == -1 ||
	    exchange_bytes(run, err) == -1)
		goto out;
	if (credential_program_finish(program, run->command->deadline_ms, NULL,
		&status, err) == 0)
		result = check_success(run, status, err);
	else if (err->code == ERROR_TEMPORARY)
		deadline_passed(run, err);
out:
	credential_program_done(program);
	return result;
}

/* Returns when the command has closed its output. */
static int
exchange_bytes(struct cipher_run *run, struct error *err)
{
	struct spawn_child *child = &run->program.child;

	while (child->out != -1) {
		struct pollfd ready[] = {{.fd = child->in, .events = POLLOUT},
		    {.fd = child->out, .events = POLLIN},
		    {.fd = child->err, .events = POLLIN}};
		int left_ms = clock_left_ms(run->command->deadline_ms);
		int count = poll(ready, 3, left_ms);

		if (count == 0 || left_ms == 0)
			return deadline_passed(run, err);
		if (count == -1)
			continue;
		if (ready[2].revents != 0)
			child_stderr_read(child, &run->program.stderr_text);
		if (ready[0].revents != 0 && write_input(run, err) == -1)
			return -1;
		if (ready[1].revents != 0 && read_output(run, err) == -1)
			return -1;
	}
	return 0;
}

static int
write_input(struct cipher_run *run, struct error *err)
{
	struct spawn_child *child = &run->program.child;
	ssize_t put = write(child->in, run->input, run->input_len);

	if (put == -1 && (errno == EINTR || errno == EAGAIN))
		return 0;
	if (put == -1 && errno != EPIPE)
		return error_set_errno(err, ERROR_IO, "writing to %s",
		    run->command->setting);
	if (put > 0) {
		run->input += put;
		run->input_len -= (size_t)put;
	}
	if (put == -1 || run->input_len == 0)
		spawn_close_in(child);
	return 0;
}

static int
read_output(struct cipher_run *run, struct error *err)
{
	struct spawn_child *child = &run->program.child;
	char piece[4096];
	ssize_t got = read(child->out, piece, sizeof piece);
	int result = 0;

	if (got > 0) {
		run->output_len += (size_t)got;
		result = run->buf != NULL
		    ? buf_add(run->buf, piece, (size_t)got, err)
		    : secret_add(run->secret, piece, (size_t)got, err);
	} else if (got == 0) {
		close(child->out);
		child->out = -1;
	} else if (errno != EINTR && errno != EAGAIN) {
		result = error_set_errno(err, ERROR_IO, "reading from %s",
		    run->command->setting);
	}
	secret_wipe(piece, sizeof piece);
	return result;
}

static int
check_success(struct cipher_run *run, int status, struct error *err)
{
	const struct cipher_command *command = run->command;

	if (status != 0)
		return credential_program_explain(&run->program,
		    command->setting, status, command->failure, err);
	if (run->input_len > 0)
		return error_set(err, command->failure,
		    "%s didn't read all of its input", command->setting);
	if (run->output_len == 0)
		return error_set(err, command->failure, "%s printed nothing",
		    command->setting);
	return 0;
}

static int
deadline_passed(const struct cipher_run *run, struct error *err)
{
	return error_set(err, ERROR_TEMPORARY, "%s exceeded the time limit",
	    run->command->setting);
}

/* SPDX-License-Identifier: MIT */
/*
 * Feeds a command and reads it at the same time, so that neither side waits for
 * a pipe that is full. Doesn't know what the text is; it may be secret in
 * either direction.
 */
#include "vault/filter.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/spawn.h"
#include "credential/program.h"

/* One run. Of the two outputs one is NULL. */
struct run {
	struct credential_program program;
	const char *at; /* what the command hasn't read yet */
	size_t left;
	size_t written; /* by the command */
	struct buf *buf;
	struct secret *secret;
};

static int run_filter(const struct filter *filter, struct run *run,
    struct error *err);
static int move_bytes(const struct filter *filter, struct run *run,
    struct error *err);
static int feed(struct run *run, struct error *err);
static int drain(struct run *run, struct error *err);
static int judge(const struct filter *filter, struct run *run, int status,
    struct error *err);
static int out_of_time(const struct filter *filter, struct error *err);

int
filter_to_buf(const struct filter *filter, const void *bytes, size_t len,
    struct buf *out, struct error *err)
{
	struct run run = {.at = bytes, .left = len, .buf = out};

	return run_filter(filter, &run, err);
}

int
filter_to_secret(const struct filter *filter, const void *bytes, size_t len,
    struct secret *out, struct error *err)
{
	struct run run = {.at = bytes, .left = len, .secret = out};

	return run_filter(filter, &run, err);
}

static int
run_filter(const struct filter *filter, struct run *run, struct error *err)
{
	struct credential_program *program = &run->program;
	char *argv[] = {"/bin/sh", "-c", (char *)filter->command, NULL};
	int status;
	int result = -1;

	credential_program_init(program);
	if (credential_program_open(program, argv, err) == -1 ||
	    fcntl(program->child.in, F_SETFL, O_NONBLOCK) == -1 ||
	    move_bytes(filter, run, err) == -1)
		goto out;
	if (credential_program_finish(program, filter->deadline_ms, NULL,
		&status, err) == 0)
		result = judge(filter, run, status, err);
	else if (err->code == ERROR_TEMPORARY)
		out_of_time(filter, err);
out:
	credential_program_done(program);
	return result;
}

/* Until the command closes its output. */
static int
move_bytes(const struct filter *filter, struct run *run, struct error *err)
{
	struct spawn_child *child = &run->program.child;

	while (child->out != -1) {
		struct pollfd ready[] = {{.fd = child->in, .events = POLLOUT},
		    {.fd = child->out, .events = POLLIN},
		    {.fd = child->err, .events = POLLIN}};
		int left_ms = clock_left_ms(filter->deadline_ms);
		int count = poll(ready, 3, left_ms);

		if (count == 0 || left_ms == 0)
			return out_of_time(filter, err);
		if (count == -1)
			continue;
		if (ready[2].revents != 0)
			credential_program_listen(&run->program);
		if (ready[0].revents != 0 && feed(run, err) == -1)
			return -1;
		if (ready[1].revents != 0 && drain(run, err) == -1)
			return -1;
	}
	return 0;
}

static int
feed(struct run *run, struct error *err)
{
	struct spawn_child *child = &run->program.child;
	ssize_t put = write(child->in, run->at, run->left);

	if (put == -1 && (errno == EINTR || errno == EAGAIN))
		return 0;
	if (put == -1 && errno != EPIPE)
		return error_set_errno(err, ERROR_IO, "writing to a command");
	if (put > 0) {
		run->at += put;
		run->left -= (size_t)put;
	}
	if (put == -1 || run->left == 0)
		spawn_close_in(child);
	return 0;
}

static int
drain(struct run *run, struct error *err)
{
	struct spawn_child *child = &run->program.child;
	char piece[4096];
	ssize_t got = read(child->out, piece, sizeof piece);
	int result = 0;

	if (got > 0) {
		run->written += (size_t)got;
		result = run->buf != NULL
		    ? buf_add(run->buf, piece, (size_t)got, err)
		    : secret_add(run->secret, piece, (size_t)got, err);
	} else if (got == 0) {
		close(child->out);
		child->out = -1;
	} else if (errno != EINTR && errno != EAGAIN) {
		result = error_set_errno(err, ERROR_IO, "reading a command");
	}
	secret_wipe(piece, sizeof piece);
	return result;
}

/* People write passphrases into commands, and a shell quotes what it doesn't
 * understand. */
static int
judge(const struct filter *filter, struct run *run, int status,
    struct error *err)
{
	struct credential_program *program = &run->program;
	char failed[64];

	snprintf(failed, sizeof failed, "%s failed", filter->name);
	if (status != 0) {
		credential_program_explain(program,
		    program->complaint.len > 0 ? failed : filter->name, status,
		    filter->failure, err);
		err->hint[0] = '\0';
		if (strstr(err->message, filter->command) != NULL)
			error_set(err, filter->failure,
			    "%s with exit status %d", failed, status);
		return -1;
	}
	if (run->left > 0)
		return error_set(err, filter->failure,
		    "%s didn't read all that it was given", filter->name);
	if (run->written == 0)
		return error_set(err, filter->failure, "%s printed nothing",
		    filter->name);
	return 0;
}

static int
out_of_time(const struct filter *filter, struct error *err)
{
	return error_set(err, ERROR_TEMPORARY,
	    "%s didn't end within the time limit", filter->name);
}

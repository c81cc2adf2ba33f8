/* SPDX-License-Identifier: MIT */
/*
 * Starts processes that serve the client. This one only waits: it talks to no
 * server and holds no secret.
 */
#include "cli/serve-process.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fork-call.h"
#include "base/file.h"
#include "base/interruption.h"
#include "base/process.h"
#include "server/input.h"

static int serve_in_process(int (*run)(void *context,
				struct server_handover *handover),
    void *context, struct server_handover *handover, struct error *err);
static void serve_and_exit(int (*run)(void *context,
			       struct server_handover *handover),
    void *context, struct server_handover *handover, int out)
    __attribute__((noreturn));
static int read_handover(int fd, pid_t pid, struct buf *input,
    struct error *err);
static bool await_handover(int fd, pid_t pid);

int
serve_in_processes(int (*run)(void *context, struct server_handover *handover),
    void *context, struct error *err)
{
	struct server_handover handover;
	int status;

	buf_init(&handover.input, SERVER_INPUT_SIZE);
	interruption_hold();
	do {
		status = serve_in_process(run, context, &handover, err);
	} while (status == 0 && handover.input.len > 0);
	buf_done(&handover.input);
	return status;
}

static int
serve_in_process(int (*run)(void *context, struct server_handover *handover),
    void *context, struct server_handover *handover, struct error *err)
{
	int fd;
	int state;
	int result;
	pid_t pid = fork_with_pipe(&fd, err);

	if (pid == -1)
		return -1;
	if (pid == 0)
		serve_and_exit(run, context, handover, fd);
	buf_clear(&handover->input);
	result = read_handover(fd, pid, &handover->input, err);
	close(fd);
	while (waitpid(pid, &state, 0) == -1 && errno == EINTR)
		continue;
	if (result == -1)
		return -1;
	return WIFSIGNALED(state) ? INTERRUPTION_STATUS + WTERMSIG(state)
				  : WEXITSTATUS(state);
}

/* The pipe is closed only when the process ends, so that its parent can wait
 * for that. */
static void
serve_and_exit(int (*run)(void *context, struct server_handover *handover),
    void *context, struct server_handover *handover, int out)
{
	struct error err;
	int status;

	process_end_with_parent();
	interruption_release();
	status = run(context, handover);
	if (handover->input.len > 0)
		file_write(out, handover->input.data, handover->input.len,
		    &err);
	exit(status);
}

static int
read_handover(int fd, pid_t pid, struct buf *input, struct error *err)
{
	while (await_handover(fd, pid)) {
		ssize_t got;

		if (buf_reserve(input, SERVER_INPUT_SIZE - input->len, err) ==
		    -1)
			return -1;
		got = read(fd, input->data + input->len,
		    SERVER_INPUT_SIZE - input->len);
		if (got == 0)
			return 0;
		if (got > 0)
			input->len += (size_t)got;
		else if (errno != EINTR)
			return error_set_errno(err, ERROR_SYSTEM,
			    "the process that serves the client");
	}
	return 0;
}

/* Returns whether the pipe can be read. A signal is passed on once. */
static bool
await_handover(int fd, pid_t pid)
{
	bool is_passed_on = false;

	for (;;) {
		struct pollfd ready = {.fd = fd, .events = POLLIN};
		int number;

		if (interruption_poll(&ready, 1, 3600000) > 0)
			return true;
		number = interruption_caught();
		if (number != 0 && is_passed_on)
			return false;
		if (number != 0)
			kill(pid, number);
		is_passed_on = number != 0;
	}
}

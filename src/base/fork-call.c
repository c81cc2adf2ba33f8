/* SPDX-License-Identifier: MIT */
/*
 * The child writes its answer to a pipe: the return value with the error, and
 * the result.
 */
#include "base/fork-call.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/process.h"

struct fork_answer {
	int returned;
	struct error err;
};

static void fork_answer_write(int fd, const struct fork_answer *answer,
    const void *result, size_t size);
static int fork_answer_take(const struct fork_answer *answer,
    struct error *err);
static int fork_no_answer(int64_t deadline_ms, struct error *err);
static bool read_within(int fd, void *out, size_t size, int64_t deadline_ms);

int
fork_call(int (*run)(void *context, void *result, struct error *err),
    void *context, void *result, size_t size, int64_t deadline_ms,
    struct error *err)
{
	struct fork_answer answer = {.returned = -1};
	bool is_answered;
	int fd = -1;
	pid_t pid = fork_with_pipe(&fd, err);

	if (pid == -1)
		return -1;
	if (pid == 0) {
		process_end_with_parent();
		answer.returned = run(context, result, &answer.err);
		fork_answer_write(fd, &answer, result, size);
		_exit(0);
	}
	is_answered = read_within(fd, &answer, sizeof answer, deadline_ms) &&
	    read_within(fd, result, size, deadline_ms);
	close(fd);
	if (!is_answered)
		kill(pid, SIGKILL);
	while (waitpid(pid, NULL, 0) == -1 && errno == EINTR)
		continue;
	return is_answered ? fork_answer_take(&answer, err)
			   : fork_no_answer(deadline_ms, err);
}

pid_t
fork_with_pipe(int *ret_fd, struct error *err)
{
	int ends[2];
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC) == -1)
		return error_set_errno(err, ERROR_SYSTEM,
		    "cannot create a pipe");
	fflush(NULL);
	pid = fork();
	close(ends[pid == 0 ? 0 : 1]);
	if (pid == -1) {
		error_set_errno(err, ERROR_SYSTEM, "cannot create a process");
		close(ends[0]);
		return -1;
	}
	*ret_fd = ends[pid == 0 ? 1 : 0];
	return pid;
}

static void
fork_answer_write(int fd, const struct fork_answer *answer, const void *result,
    size_t size)
{
	struct error ignored;

	if (file_write(fd, answer, sizeof *answer, &ignored) == 0)
		file_write(fd, result, size, &ignored);
}

static int
fork_answer_take(const struct fork_answer *answer, struct error *err)
{
	if (answer->returned == 0)
		return 0;
	*err = answer->err;
	error_make_safe(err);
	return -1;
}

static int
fork_no_answer(int64_t deadline_ms, struct error *err)
{
	return clock_left_ms(deadline_ms) == 0
	    ? error_set(err, ERROR_TEMPORARY,
		  "the session with the server took too long")
	    : error_set(err, ERROR_SYSTEM,
		  "the session with the server ended unexpectedly");
}

/* False at the end of the pipe, and at the deadline. */
static bool
read_within(int fd, void *out, size_t size, int64_t deadline_ms)
{
	char *at = out;

	while (size > 0) {
		struct pollfd ready = {.fd = fd, .events = POLLIN};
		int count = poll(&ready, 1, clock_left_ms(deadline_ms));
		ssize_t got;

		if (count == 0)
			return false;
		if (count == -1) /* interrupted: a read could block */
			continue;
		got = read(fd, at, size);
		if (got == 0 || (got == -1 && errno != EINTR))
			return false;
		if (got > 0) {
			at += got;
			size -= (size_t)got;
		}
	}
	return true;
}

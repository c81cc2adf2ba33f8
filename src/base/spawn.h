/* SPDX-License-Identifier: MIT */
#ifndef BASE_SPAWN_H
#define BASE_SPAWN_H

/*
 * Child processes, by path and argv, never through a shell. A child gets the
 * standard descriptors, and those that the flags ask for; all others of ours
 * close on exec.
 * It handles signals as any program does, SIGPIPE and SIGXFSZ too; others that
 * are ignored when it starts stay so.
 */

#include <stdint.h>
#include <sys/types.h>

#include "base/error.h"

enum {
	SPAWN_IN = 1,         /* a pipe to its standard input; else /dev/null */
	SPAWN_OUT = 2,        /* a pipe from its standard output; else ours */
	SPAWN_ERR = 4,        /* a pipe from its standard error; else ours */
	SPAWN_MAY_FINISH = 8, /* it is asked to end, but never killed */
	SPAWN_SAME_IN = 16,   /* its standard input is ours, not /dev/null */
	SPAWN_OUT_TO_ERR = 32, /* its standard output is our standard error */
	SPAWN_DETACHED = 64,   /* a session of its own, all three at /dev/null:
				  for who lives on without us */
	SPAWN_MORE = 128,      /* a pipe to its SPAWN_MORE_FD, for what must not
				  come by standard input */

	SPAWN_ANSWER = 256, /* a pipe from its SPAWN_ANSWER_FD, in the place
			       of SPAWN_OUT: its standard output is ours */

	SPAWN_MORE_FD = 3,
	SPAWN_ANSWER_FD = 4,

	SPAWN_GRACE_MS = 100 /* between asking a child to end and killing it */
};

struct spawn_child {
	pid_t pid; /* 0 when there is none */
	int in;    /* our end of the pipes asked for, else -1 */
	int out;
	int err;
	int more;
	int may_finish;
};

/* No child yet: spawn_done is harmless on it. */
void spawn_init(struct spawn_child *child);

/*
 * Starts argv[0] (an absolute path, or a name to find in PATH) with these
 * pipes. A child with SPAWN_MAY_FINISH may block SIGTERM while it is in the
 * middle of what nobody can do again, and outlives us then. A program that
 * can't be executed is an error here, not in the child: ERROR_SYSTEM, the
 * message names it.
 */
int spawn_start(struct spawn_child *child, char *const argv[], unsigned flags,
    struct error *err);

/* The same with an environment of its own, NULL-ended. */
int spawn_start_in(struct spawn_child *child, char *const argv[],
    char *const environment[], unsigned flags, struct error *err);

/* Closes our end of the pipe to its standard input, or to SPAWN_MORE_FD. */
void spawn_close_in(struct spawn_child *child);
void spawn_close_more(struct spawn_child *child);

/*
 * Waits until the child has ended, at most until the deadline (ERROR_TEMPORARY
 * when it hasn't; it is then still running). *ret_status is its exit status, or
 * 128 and the number of the signal that killed it.
 */
int spawn_wait(struct spawn_child *child, int64_t deadline_ms, int *ret_status,
    struct error *err);

/*
 * Closes the pipes. A child that is still running gets SIGTERM and
 * SPAWN_GRACE_MS to end; then it is killed, or left alone if it may finish.
 * Reaps what has ended.
 */
void spawn_done(struct spawn_child *child);

#endif

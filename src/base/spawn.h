/* SPDX-License-Identifier: MIT */
#ifndef BASE_SPAWN_H
#define BASE_SPAWN_H

/*
 * Starts programs by path and argv, never through a shell. A child inherits the
 * standard descriptors and those that the flags request; all others close on
 * exec. SIGPIPE and SIGXFSZ have their default action in it; other ignored
 * signals stay ignored.
 */

#include <stdint.h>
#include <sys/types.h>

#include "base/error.h"

enum {
	SPAWN_IN = 1,          /* pipe to its standard input; else /dev/null */
	SPAWN_OUT = 2,         /* pipe from its standard output; else ours */
	SPAWN_ERR = 4,         /* pipe from its standard error; else ours */
	SPAWN_MAY_FINISH = 8,  /* terminate it by SIGTERM, never SIGKILL */
	SPAWN_SAME_IN = 16,    /* it inherits our standard input */
	SPAWN_OUT_TO_ERR = 32, /* its standard output is our standard error */
	SPAWN_DETACHED = 64,   /* a new session, standard descriptors at
				  /dev/null: it outlives us */
	SPAWN_MORE = 128, /* pipe to its descriptor SPAWN_MORE_FD, for input
			     that cannot use standard input */

	SPAWN_ANSWER = 256, /* pipe from its descriptor SPAWN_ANSWER_FD, instead
			       of SPAWN_OUT; standard output is ours */

	SPAWN_NOT_NOW = 512, /* only register it (base/launcher.h) */

	SPAWN_MORE_FD = 3,
	SPAWN_ANSWER_FD = 4,
	SPAWN_FD_COUNT = 5, /* standard descriptors and these */

	SPAWN_GRACE_MS = 100,   /* between SIGTERM and SIGKILL */
	SPAWN_SIGNAL_BASE = 128 /* of a status, see spawn_wait */
};

struct spawn_child {
	pid_t pid; /* 0 if there is none */
	int in;    /* our ends of the requested pipes, else -1 */
	int out;
	int err;
	int more;
	int may_finish;
};

/* Initialises a struct without a child; spawn_done accepts it. */
void spawn_init(struct spawn_child *child);

/*
 * Starts argv[0] (an absolute path, or a name to find in PATH) with the pipes
 * that the flags request. A child with SPAWN_MAY_FINISH may block SIGTERM
 * during an operation that cannot be repeated, and may then outlive us.
 * ERROR_SYSTEM if the program cannot be executed.
 */
int spawn_start(struct spawn_child *child, char *const argv[], unsigned flags,
    struct error *err);

/* The same with the given environment, which ends with NULL. */
int spawn_start_in(struct spawn_child *child, char *const argv[],
    char *const environment[], unsigned flags, struct error *err);

/*
 * Executes a program whose descriptors 0 to SPAWN_FD_COUNT - 1 are copies of
 * fd, or what spawn_start says where fd is -1. ERROR_SYSTEM.
 */
typedef int spawn_function(void *context, const int fd[SPAWN_FD_COUNT],
    pid_t *ret_pid, struct error *err);

/* As spawn_start; execute starts the program, which must become a child of this
 * process. */
int spawn_start_by(struct spawn_child *child, unsigned flags,
    spawn_function *execute, void *context, struct error *err);

/* Close our end of the pipe to its standard input, or to SPAWN_MORE_FD. */
void spawn_close_in(struct spawn_child *child);
void spawn_close_more(struct spawn_child *child);

/*
 * Waits until the child has ended. *ret_status is its exit status, or
 * SPAWN_SIGNAL_BASE plus the number of the signal that ended it.
 * ERROR_TEMPORARY if it is still running at the deadline.
 */
int spawn_wait(struct spawn_child *child, int64_t deadline_ms, int *ret_status,
    struct error *err);

/* Lets a child that needs no pipe go on by itself: spawn_done doesn't end it.
 */
void spawn_leave(struct spawn_child *child);

/*
 * Closes the pipes and ends the child if it is running: by SIGTERM, and after
 * SPAWN_GRACE_MS by SIGKILL, except with SPAWN_MAY_FINISH. Reaps it if it has
 * ended.
 */
void spawn_done(struct spawn_child *child);

#endif

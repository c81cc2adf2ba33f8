/* SPDX-License-Identifier: MIT */
#ifndef BASE_FORK_CALL_H
#define BASE_FORK_CALL_H

/*
 * Calls a function in a process of its own, which can give up privileges that
 * the caller still needs. The process may be taken over: the caller can rely on
 * the form of what it returns, but not on its truth.
 */

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/error.h"

/*
 * Calls run in a copy of this process, and returns what run returns, with its
 * err. Copies size bytes of what run has written to result, even if it returns
 * -1; they must have no pointers. Waits until the deadline: ERROR_TEMPORARY.
 * ERROR_SYSTEM if there can be no process, or if it ends before run returns.
 * What run changes otherwise is lost.
 */
int fork_call(int (*run)(void *context, void *result, struct error *err),
    void *context, void *result, size_t size, int64_t deadline_ms,
    struct error *err);

/*
 * Forks, with a pipe from the child to its parent: *ret_fd is the end of the
 * process that it returns to, and close-on-exec. What is in stdio's buffers is
 * written before. Returns what fork(2) returns; -1 with ERROR_SYSTEM.
 */
pid_t fork_with_pipe(int *ret_fd, struct error *err);

#endif

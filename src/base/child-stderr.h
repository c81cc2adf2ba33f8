/* SPDX-License-Identifier: MIT */
#ifndef BASE_CHILD_STDERR_H
#define BASE_CHILD_STDERR_H

/* The end of what a program writes to standard error, which explains its
 * failure. */

#include <stdbool.h>

#include "base/buf.h"
#include "base/spawn.h"

enum {
	CHILD_STDERR_MAX = 8192 /* the limit of the buffer */
};

/* Adds what child->err has, dropping the beginning of a long text. Blocks if
 * there is nothing. Closes it at its end. */
void child_stderr_read(struct spawn_child *child, struct buf *text);

/* The same for a child that has ended: its last output is already in the
 * pipe. Does not wait for a process that it has started. */
void child_stderr_read_rest(struct spawn_child *child, struct buf *text);

/*
 * Finds the last line that begins with prefix and has text after it. A line
 * that begins with except (or NULL) does not count. Returns false if there is
 * none.
 */
bool child_stderr_find(const struct buf *text, const char *prefix,
    const char *except, const char **ret_line, int *ret_len);

#endif

/* SPDX-License-Identifier: MIT */
#ifndef SPOOL_LOCK_H
#define SPOOL_LOCK_H

/* Locks of open files, which belong to the descriptor and what inherits it. For
 * this layer only. */

#include <stdbool.h>

/* Locks the file without waiting. -1 with errno; EAGAIN or EACCES: another
 * process has the lock. */
int lock_file(int fd);

/* Releases the lock, also for those that inherited it. */
void lock_release(int fd);

/* Whether another process has the lock. */
bool lock_is_held(int fd);

/* Whether the file still has a name. Otherwise errno is ENOENT. */
bool lock_is_named(int fd);

#endif

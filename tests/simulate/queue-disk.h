/* SPDX-License-Identifier: MIT */
#ifndef TESTS_QUEUE_DISK_H
#define TESTS_QUEUE_DISK_H

/*
 * A simulated directory with the files of one queued message. At a crash it
 * keeps what was synced, and any part of the rest if the power fails; from then
 * on all calls fail and change nothing, and the network is dead, so that the
 * client ends and frees its memory.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/types.h>

#include "seed.h"

enum {
	QUEUE_DISK_DIRECTORY =
	    2000000 /* its descriptor; those of files follow */
};

/* Starts with an empty directory. faults: of a thousand calls, how many fail.
 */
void queue_disk_init(struct seed *seed, uint32_t faults);

/* Lets the crash happen at this step from now, or never (0). Returns whether
 * the last one happened. Nothing is open any more. */
bool queue_disk_start(uint32_t crash_step, uint32_t faults);

/* Something happens that a crash may prevent. Returns whether all is dead. */
bool queue_disk_is_dead(void);

/* Whether a descriptor is that of the directory or a file in it. */
bool queue_disk_has(int fd);

/* As the system calls. */
int queue_disk_open(const char *name, int flags);
ssize_t queue_disk_read(int fd, void *out, size_t len);
ssize_t queue_disk_write(int fd, const void *bytes, size_t len);
int queue_disk_sync(int fd);
int queue_disk_rename(const char *from, const char *to);
int queue_disk_unlink(const char *name);
int queue_disk_access(const char *name);
int queue_disk_stat(int fd, struct stat *ret_status);
int queue_disk_lock(int fd, bool is_locked);
int queue_disk_close(int fd);

#endif

/* SPDX-License-Identifier: MIT */
#ifndef SPOOL_PROCESS_H
#define SPOOL_PROCESS_H

/*
 * The processes of the queue. Each that works without a terminal holds the lock
 * of a file in the directory of the queue as long as it works: "run" for the
 * one that sends, a name that ends with ".pid" for others. The text of the file
 * is the number of the process and a word for what it does: "4711 start"; and a
 * line about the machine (spool/machine.h).
 *
 * The children of a process share its lock, so that it may be held when that
 * process is gone. All end by SIGTERM, after what can't be interrupted.
 */

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/error.h"
#include "spool/spool.h"

#define SPOOL_RUN_FILE "run"
#define SPOOL_PROCESS_SUFFIX ".pid"
#define SPOOL_BACKGROUND "start" /* what it does in the background */

enum {
	SPOOL_PURPOSE_SIZE = 16
};

struct spool_process {
	pid_t pid; /* 0: it is gone, and its children are at work */
	char purpose[SPOOL_PURPOSE_SIZE];
};

/*
 * Takes the lock of the file and writes this process to it. Returns the
 * descriptor that holds the lock; -1: ERROR_TEMPORARY if another process has
 * it, ERROR_CREATE, also if another machine may have it.
 */
int spool_process_lock(const struct spool *spool, const char *file,
    const char *purpose, struct error *err);

/* Releases the lock; -1 is no lock. */
void spool_process_unlock(int lock);

/* Returns whether the lock of the file is held, and by which process. */
bool spool_process_find(const struct spool *spool, const char *file,
    struct spool_process *ret_process);

/* Whether no user waits for it. */
bool spool_process_is_background(const struct spool_process *process);

/* Whether the number is that of a process of the queue that has not ended. */
bool spool_process_is_ours(pid_t pid);

/* Has a process that was found end, if it still runs. */
void spool_process_end(const struct spool_process *process);

/* Calls visit for each process of the queue until it returns false. ERROR_IO.
 */
int spool_process_visit(const struct spool *spool,
    bool (*visit)(void *context, const struct spool_process *process),
    void *context, struct error *err);

#endif

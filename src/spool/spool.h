/* SPDX-License-Identifier: MIT */
#ifndef SPOOL_SPOOL_H
#define SPOOL_SPOOL_H

/*
 * The queue of a user: a directory with two files for each message. ID.message
 * is the message and never changes; ID.state (spool/entry.h) is replaced when
 * something becomes of it. A message is in the queue once it has both. What a
 * function reports as done is on disk.
 *
 * The lock of a message is on ID.message, that of a run on the file "run". The
 * kernel releases them when the processes that share it have ended.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "spool/entry.h"
#include "spool/id.h"

struct spool {
	char *path;
	int directory; /* -1: there is none, and nothing is queued */
};

/* The IDs of all messages, in order. */
struct spool_ids {
	char (*id)[SPOOL_ID_SIZE];
	size_t count;
};

/* As smtp_body: copies up to len bytes; 0 at the end, -1 on failure. */
typedef long spool_reader(void *context, void *out, size_t len,
    struct error *err);

/*
 * Opens the user's queue; creates it if may_create. It must be a directory of
 * the user that no one else can enter: ERROR_CREATE. Call spool_close also
 * after a failure.
 */
int spool_open(struct spool *spool, bool may_create, struct error *err);
void spool_close(struct spool *spool);

/*
 * Adds a message, which read gives, and sets entry->id. After a failure it is
 * not in the queue. ERROR_CREATE, errors of read.
 */
int spool_add(const struct spool *spool, struct spool_entry *entry,
    spool_reader *read, void *context, struct error *err);

/* ERROR_IO, ERROR_SYSTEM. Call spool_ids_done also after a failure. */
int spool_list(const struct spool *spool, struct spool_ids *ids,
    struct error *err);
void spool_ids_done(struct spool_ids *ids);

/* Reads the state of a message into an empty entry. ERROR_USAGE: there is no
 * such message; ERROR_IO; ERROR_DATA: its file is damaged; ERROR_CONFIG: a
 * newer version has written it. */
int spool_load(const struct spool *spool, const char *id,
    struct spool_entry *entry, struct error *err);

/*
 * Locks a message and returns a descriptor that reads it from the start;
 * spool_unlock releases it. -1: ERROR_TEMPORARY if another process has the
 * lock, ERROR_USAGE if there is no such message, ERROR_DATA if there is only
 * its state, ERROR_IO.
 */
int spool_lock(const struct spool *spool, const char *id, struct error *err);

/* Releases the lock of a message, also for processes that inherited it, and
 * closes the descriptor. Accepts -1. */
void spool_unlock(int fd);

/* Opens a message for reading, without a lock. Errors of spool_lock. */
int spool_open_message(const struct spool *spool, const char *id,
    struct error *err);

/* Whether another process has locked the message. */
bool spool_is_locked(const struct spool *spool, const char *id);

/* Replaces the state of a message that is locked. ERROR_CREATE; the old state
 * or the new one is on disk then. */
int spool_save(const struct spool *spool, const struct spool_entry *entry,
    struct error *err);

/* Removes a message that is locked. ERROR_CREATE. */
int spool_remove(const struct spool *spool, const char *id, struct error *err);

/*
 * Locks the queue for a run (spool/process.h), and removes what processes that
 * were killed have left. Returns a descriptor that holds the lock, also of the
 * processes that inherit it; -1: ERROR_TEMPORARY if there is another run,
 * ERROR_CREATE.
 */
int spool_lock_run(const struct spool *spool, const char *purpose,
    struct error *err);

/* Whether another process has the lock for a run. */
bool spool_is_run(const struct spool *spool);

#endif

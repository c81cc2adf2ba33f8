/* SPDX-License-Identifier: MIT */
/*
 * Leaves a note about a failure for the next process in the file that both
 * lock. Knows neither tokens nor servers. Without a note that can be read, the
 * next process asks the server itself.
 */
#include "keeper/renewal-lock.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"

/* All processes share the clock until the next boot; a time from before it is
 * hardly ever between two moments after it. */
struct note {
	int64_t time_ms;
	char message[ERROR_MESSAGE_SIZE];
};

static void leave_note(int fd, const struct error *failure);

int
renewal_lock_acquire(struct renewal_lock *lock, const struct vault *vault,
    const struct vault_key *key, void (*on_wait)(void), struct error *err)
{
	lock->since_ms = clock_now_ms();
	on_wait();
	lock->is_shared = false;
	lock->fd =
	    vault_lock(vault, key, lock->since_ms + VAULT_LOCK_LIMIT_MS, err);
	return lock->fd == -1 ? -1 : 0;
}

int
renewal_lock_check(struct renewal_lock *lock, struct error *err)
{
	struct note note;

	if (pread(lock->fd, &note, sizeof note, 0) != (ssize_t)sizeof note ||
	    note.time_ms < lock->since_ms || note.time_ms > clock_now_ms() ||
	    memchr(note.message, '\0', sizeof note.message) == NULL)
		return 0;
	lock->is_shared = true;
	return error_set(err, ERROR_TEMPORARY, "%s", note.message);
}

void
renewal_lock_release(struct renewal_lock *lock, const struct error *failure)
{
	/* A shared failure gets no younger: a process that comes later asks. */
	if (!lock->is_shared)
		leave_note(lock->fd, failure);
	close(lock->fd);
	lock->fd = -1;
}

/* A partly written note is treated as missing. */
static void
leave_note(int fd, const struct error *failure)
{
	struct note note = {.time_ms = clock_now_ms()};
	bool is_shared = failure != NULL && failure->code == ERROR_TEMPORARY;
	ssize_t written;

	if (ftruncate(fd, 0) == -1 || !is_shared)
		return;
	snprintf(note.message, sizeof note.message, "%s", failure->message);
	written = pwrite(fd, &note, sizeof note, 0);
	(void)written;
}

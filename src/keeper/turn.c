/* SPDX-License-Identifier: MIT */
/*
 * The note that one process leaves for the next in the file that both lock.
 * Knows neither tokens nor servers. A note that can't be written or understood
 * is none: then the next finds out by itself.
 */
#include "keeper/turn.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"

/* The clock is the same for all processes until the next boot, and a time of an
 * earlier one is hardly ever between two moments of now. */
struct note {
	int64_t time_ms;
	char message[ERROR_MESSAGE_SIZE];
};

static void leave_note(int lock, const struct error *failure);

int
turn_await(struct turn *turn, const struct vault *vault,
    const struct vault_key *key, void (*on_wait)(void), struct error *err)
{
	turn->since_ms = clock_now_ms();
	on_wait();
	turn->is_shared = false;
	turn->lock =
	    vault_lock(vault, key, turn->since_ms + VAULT_LOCK_LIMIT_MS, err);
	return turn->lock == -1 ? -1 : 0;
}

int
turn_check(struct turn *turn, struct error *err)
{
	struct note note;

	if (pread(turn->lock, &note, sizeof note, 0) != (ssize_t)sizeof note ||
	    note.time_ms < turn->since_ms || note.time_ms > clock_now_ms() ||
	    memchr(note.message, '\0', sizeof note.message) == NULL)
		return 0;
	turn->is_shared = true;
	return error_set(err, ERROR_TEMPORARY, "%s", note.message);
}

void
turn_end(struct turn *turn, const struct error *failure)
{
	/* A failure that is passed on gets no younger: who came later asks. */
	if (!turn->is_shared)
		leave_note(turn->lock, failure);
	close(turn->lock);
	turn->lock = -1;
}

/* One that is written in part only is none. */
static void
leave_note(int lock, const struct error *failure)
{
	struct note note = {.time_ms = clock_now_ms()};
	bool is_shared = failure != NULL && failure->code == ERROR_TEMPORARY;
	ssize_t written;

	if (ftruncate(lock, 0) == -1 || !is_shared)
		return;
	snprintf(note.message, sizeof note.message, "%s", failure->message);
	written = pwrite(lock, &note, sizeof note, 0);
	(void)written;
}

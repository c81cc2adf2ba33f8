/* SPDX-License-Identifier: MIT */
/*
 * Removes a message, and changes its state.
 */
#include "cli/queue-message.h"

#include <time.h>

#include "cli/queue.h"
#include "submit/queue-program.h"
#include "submit/queued-route.h"

static bool message_starts_queue(const struct queue *queue);
static void wait_again(struct spool_entry *entry);

/* Also a message whose state can't be read, and a state without a message. */
int
queue_drop(struct queue *queue, struct error *err)
{
	int fd = spool_lock(&queue->spool, queue->id, err);
	int result;

	if (fd == -1 && err->code != ERROR_DATA)
		return -1;
	result = spool_remove(&queue->spool, queue->id, err);
	spool_unlock(fd);
	return result;
}

int
queue_resend(struct queue *queue, struct error *err)
{
	if (queue_message_change(&queue->spool, queue->id, wait_again, err) ==
	    -1)
		return -1;
	if (!message_starts_queue(queue) || queue_program_start(NULL, err) == 0)
		return 0;
	queue_program_explain(err);
	return -1;
}

static bool
message_starts_queue(const struct queue *queue)
{
	struct spool_entry entry;
	struct error ignored;
	bool is_started;

	spool_entry_init(&entry);
	is_started =
	    spool_load(&queue->spool, queue->id, &entry, &ignored) == 0 &&
	    queued_route_starts_queue(entry.text[SPOOL_ACCOUNT]);
	spool_entry_done(&entry);
	return is_started;
}

int
queue_message_change(const struct spool *spool, const char *id,
    void (*change)(struct spool_entry *entry), struct error *err)
{
	struct spool_entry entry;
	int result = -1;
	int fd = spool_lock(spool, id, err);

	if (fd == -1)
		return -1;
	spool_entry_init(&entry);
	if (spool_load(spool, id, &entry, err) == 0) {
		change(&entry);
		result = spool_save(spool, &entry, err);
	}
	spool_entry_done(&entry);
	spool_unlock(fd);
	return result;
}

/* The lock is ours, so what is being sent was left by a killed process. */
static void
wait_again(struct spool_entry *entry)
{
	spool_entry_change(entry, SPOOL_SENDING, SPOOL_WAITING);
	spool_entry_change(entry, SPOOL_UNKNOWN, SPOOL_WAITING);
	spool_entry_change(entry, SPOOL_REFUSED, SPOOL_WAITING);
	spool_entry_change(entry, SPOOL_EXPIRED, SPOOL_WAITING);
	entry->number[SPOOL_CREATED] = (uint64_t)time(NULL);
	entry->number[SPOOL_NEXT] = entry->number[SPOOL_CREATED];
	entry->number[SPOOL_TRIES] = 0;
	entry->number[SPOOL_TRIED] = 0;
	entry->number[SPOOL_HELD] = 0;
}

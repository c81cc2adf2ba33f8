/* SPDX-License-Identifier: MIT */
#ifndef QUEUE_SEND_H
#define QUEUE_SEND_H

#include <stddef.h>

#include "queue/queue.h"

/* Messages of one account, in order. */
struct queue_batch {
	char *account;
	const char **id;
	size_t count;
};

/*
 * Sends the messages in one session, in order, and records what became of each.
 * Stops if there is no session: the others would have none either. Returns 0;
 * 128 plus the number of the signal that ended it. The process may be confined
 * afterwards.
 */
int queue_send(const struct queue *queue, const struct queue_batch *batch);

#endif

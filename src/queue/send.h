/* SPDX-License-Identifier: MIT */
#ifndef QUEUE_SEND_H
#define QUEUE_SEND_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "queue/queue.h"

/* Exit statuses of queue_send. */
enum {
	QUEUE_SENT,  /* all was done and recorded that could be done */
	QUEUE_BROKEN /* a message is in use, or its state can't be recorded */
};

/* Messages of one account, in order. */
struct queue_batch {
	const char *account;
	char (*id)[SPOOL_ID_SIZE];
	size_t count;
	bool takes_more; /* also sends what comes while the session is open */
	bool network_changed; /* so the account's failures don't count */
	size_t before; /* messages of the run that went before, and all: for */
	size_t total;  /* the line that shows the progress; 0: there is none */
};

/* What a process reports of each message. */
struct queue_report {
	char id[SPOOL_ID_SIZE];
	enum error_code outcome; /* the most serious; ERROR_NONE: it is sent */
	bool is_failed;          /* for good, for some recipient */
	bool needs_user; /* not of a message: the account does, since now */
};

struct queue_channel {
	int reports; /* pipe for struct queue_report */
	int stop;    /* pipe at whose end the process ends */
};

/*
 * Sends the messages in one session, in order, and records what became of each.
 * Stops after a failure of the account, which waits then. The process may be
 * confined afterwards. Returns an exit status of the above, or 128 plus the
 * number of the signal that ended it.
 */
int queue_send(const struct queue *queue, const struct queue_batch *batch,
    const struct queue_channel *channel);

#endif

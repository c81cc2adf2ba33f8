/* SPDX-License-Identifier: MIT */
#ifndef QUEUE_SENDING_H
#define QUEUE_SENDING_H

/*
 * One queued message on its way. It is marked on disk as being sent before its
 * last bytes are: whenever this process ends, what is on disk tells whether the
 * server can have accepted the message.
 */

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "spool/entry.h"
#include "spool/spool.h"
#include "submit/delivery.h"
#include "submit/route.h"

/* Set spool and message, and fd to -1; the rest begins as zero. */
struct sending {
	const struct spool *spool;
	struct message *message; /* of one after the other */
	struct spool_entry entry;
	struct envelope envelope; /* texts are those of entry */
	struct delivery delivery;
	size_t failed;               /* recipients, before this try */
	int fd;                      /* has the lock, or -1 */
	struct sigaction actions[2]; /* of signals that wait for the reply */
	bool is_at_end;              /* the last bytes were passed on */
};

/*
 * Locks a message and reads its state. What a process that was killed was
 * sending has an unknown outcome then. Errors of spool_lock, spool_load and
 * spool_save.
 */
int sending_load(struct sending *sending, const char *id, struct error *err);

/* Reads the message for a delivery to those that wait. ERROR_DATA if the file
 * is damaged, ERROR_IO, ERROR_SYSTEM. */
int sending_prepare(struct sending *sending, const struct route *route,
    struct error *err);

/* Records what became of it: as queued_outcome_set says, after the delivery. If
 * that fails (ERROR_CREATE), it stays marked as being sent. */
int sending_settle(struct sending *sending, const struct error **ret_failure,
    struct error *err);

/* Whether the message has failed for more recipients than before. */
bool sending_has_failed(const struct sending *sending);

void sending_done(struct sending *sending);

#endif

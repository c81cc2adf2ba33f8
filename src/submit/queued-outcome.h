/* SPDX-License-Identifier: MIT */
#ifndef SUBMIT_QUEUED_OUTCOME_H
#define SUBMIT_QUEUED_OUTCOME_H

/* What the outcome of a delivery means for the message in the queue. */

#include "base/error.h"
#include "spool/entry.h"
#include "submit/delivery.h"

enum {
	QUEUE_WAIT_MIN_S = 60,
	QUEUE_WAIT_MAX_S = 4 * 3600,
	QUEUE_LIFETIME_S = 5 * 86400
};

/*
 * Whether a message with this outcome can wait in the queue: not what the
 * server says of the message for good, nor what is wrong here with the
 * configuration, the message or the program.
 */
bool queued_outcome_may_wait(const struct error *outcome);

/*
 * Sets the status of all recipients of the delivery that were waiting or being
 * sent, and, if some still wait, when to try again.
 */
void queued_outcome_set(struct spool_entry *entry,
    const struct delivery *delivery);

/* A failure before there was a delivery: the recipients wait for longer. */
void queued_outcome_postpone(struct spool_entry *entry,
    const struct error *failure);

#endif

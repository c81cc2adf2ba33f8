/* SPDX-License-Identifier: MIT */
#ifndef SUBMIT_RECIPIENT_BATCH_H
#define SUBMIT_RECIPIENT_BATCH_H

/*
 * How many recipients a transaction may name, learned from a server that
 * refuses those above its limit (RFC 5321 section 4.5.3.1.10).
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "smtp/transaction.h"

struct recipient_batch {
	size_t limit;    /* 0: unknown */
	size_t tried;    /* the first recipients were in the last transaction */
	size_t untried;  /* those after them */
	size_t accepted; /* of the tried */
};

/* Returns how many of the pending recipients the next transaction names; never
 * more than 1,000. The first time, the others get a temporary outcome. */
size_t recipient_batch_begin(struct recipient_batch *batch,
    struct smtp_recipient *recipient, size_t pending);

/* Counts the recipients for which the server accepted the message. If there are
 * none because the session or the message failed, that is the outcome of those
 * not tried, too. Call it before the outcomes are explained. */
void recipient_batch_count(struct recipient_batch *batch,
    struct smtp_recipient *recipient);

/* Whether a recipient with this outcome only has to wait for the next batch:
 * the server accepts the message, but not for so many at a time. */
bool recipient_batch_may_follow(const struct recipient_batch *batch,
    const struct error *outcome);

/* Moves the recipients of the next batches to the front of the pending ones,
 * and learns the limit. Returns whether there are any. */
bool recipient_batch_next(struct recipient_batch *batch,
    struct smtp_recipient *recipient, size_t pending);

#endif

/* SPDX-License-Identifier: MIT */
#ifndef SUBMIT_QUEUED_OUTCOME_H
#define SUBMIT_QUEUED_OUTCOME_H

/* What the outcome of a delivery means for the message in the queue. */

#include <stdbool.h>

#include "base/error.h"
#include "config/account.h"
#include "spool/account-hold.h"
#include "spool/entry.h"
#include "submit/delivery.h"

/*
 * Whether a message with this outcome can wait in the queue: not what the
 * server says of the message for good, nor what is wrong here with the
 * configuration, the message or the program.
 */
bool queued_outcome_may_wait(const struct error *outcome);

/*
 * Sets the status of all recipients of the delivery that were waiting or being
 * sent, and, if some still wait, when to try again. Returns the failure of the
 * account (submit/queue-wait.h), because of which the message is due again as
 * soon as the account is; or NULL. Borrowed from the delivery.
 */
const struct error *queued_outcome_set(struct spool_entry *entry,
    const struct delivery *delivery);

/* A failure before there was a delivery: the recipients wait for longer. */
void queued_outcome_postpone(struct spool_entry *entry,
    const struct error *failure);

/*
 * Gives up the recipients that wait if the message is older than the account's
 * queue-lifetime; account may be NULL. Returns whether there were any.
 */
bool queued_outcome_expire(struct spool_entry *entry,
    const struct account *account);

/* Has the account wait after a failure of it. Returns whether the user must do
 * something, which is new. */
bool queued_outcome_hold(struct account_hold *hold,
    const struct error *failure);

#endif

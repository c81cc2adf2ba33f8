/* SPDX-License-Identifier: MIT */
#ifndef SMTP_GRADUAL_H
#define SMTP_GRADUAL_H

/*
 * A transaction in steps, for a caller that learns the recipients one by one
 * and wants to know what the server thinks of each before it has the message.
 */

#include <stddef.h>

#include "base/error.h"
#include "smtp/transaction-run.h"
#include "smtp/transaction.h"

struct smtp_gradual {
	struct transaction_run run;
};

/*
 * Begins with MAIL. transaction, which has no recipients yet, and channel are
 * borrowed until the end. Of the body only size, 0 if it is not known, and
 * has_8bit are used. The reply may not have been read. -1: the exchange broke
 * off; the session can't be used any more. That is so for the other steps too.
 */
int smtp_gradual_begin(struct smtp_gradual *gradual,
    struct smtp_transaction *transaction, struct smtp_channel *channel,
    struct error *err);

/* Sends RCPT for the recipient that the caller has appended to the transaction.
 * Its array may have moved. */
int smtp_gradual_add(struct smtp_gradual *gradual, struct error *err);

/*
 * Waits until the outcome of recipient i is known: ERROR_NONE if the server
 * accepts it. If it refused the sender, that is the outcome of each.
 */
int smtp_gradual_await(struct smtp_gradual *gradual, size_t i,
    struct error *err);

/* Returns how many recipients have been accepted. */
size_t smtp_gradual_accepted(const struct smtp_gradual *gradual);

/* Sends the body that the transaction has now; as smtp_transaction_run. */
int smtp_gradual_finish(struct smtp_gradual *gradual, struct error *err);

#endif

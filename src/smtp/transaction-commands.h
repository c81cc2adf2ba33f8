/* SPDX-License-Identifier: MIT */
#ifndef SMTP_TRANSACTION_COMMANDS_H
#define SMTP_TRANSACTION_COMMANDS_H

/* The commands of a transaction that precede the message. */

#include <stddef.h>

#include "base/error.h"
#include "smtp/transaction-run.h"

/* Refuses what the server has announced that it can't accept: ERROR_DATA,
 * ERROR_REFUSED. */
int transaction_check(const struct smtp_transaction *transaction,
    const struct smtp_channel *channel, struct error *err);

/*
 * Sends MAIL, after RSET if an earlier transaction is open. The reply is read
 * at once only from a server without pipelining, as that to RCPT. -1: the
 * exchange broke off.
 */
int transaction_send_mail(struct transaction_run *run, struct error *err);

/* Sends RCPT for recipient i. */
int transaction_send_rcpt(struct transaction_run *run, size_t i,
    struct error *err);

#endif

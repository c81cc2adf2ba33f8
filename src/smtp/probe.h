/* SPDX-License-Identifier: MIT */
#ifndef SMTP_PROBE_H
#define SMTP_PROBE_H

/* Asks a server what it thinks of a sender and a recipient, without sending. */

#include "base/error.h"
#include "smtp/transaction.h"

/*
 * Sends MAIL, then RCPT unless recipient is NULL, then RSET, and reports the
 * steps (smtp/step.h). -1 if one of the first two is refused: the error is that
 * of a message, with the same step.
 */
int smtp_probe_run(struct smtp_channel *channel, const char *sender,
    const char *recipient, struct error *err);

#endif

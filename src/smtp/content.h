/* SPDX-License-Identifier: MIT */
#ifndef SMTP_CONTENT_H
#define SMTP_CONTENT_H

/* Sends the message of a transaction, by BDAT (RFC 3030) or DATA. */

#include "base/error.h"
#include "smtp/transaction-run.h"

/*
 * Sends the message, unless no recipient was accepted. Notices a refusal before
 * the end. Replies that are still expected are counted in run. Returns -1 when
 * the exchange broke off; run->cause, if set, explains it better than err.
 */
int content_send(struct transaction_run *run, struct error *err);

#endif

/* SPDX-License-Identifier: MIT */
#ifndef SMTP_CONTENT_H
#define SMTP_CONTENT_H

/* The message of a transaction on its way, by BDAT (RFC 3030) or by DATA. */

#include "base/error.h"
#include "smtp/transaction-run.h"

/*
 * Sends the message, unless no recipient was accepted; a server that refuses it
 * half way is heard. The replies that are still to come are counted in run.
 * Returns -1 when the exchange broke off, which run may explain better than
 * err.
 */
int content_send(struct transaction_run *run, struct error *err);

#endif

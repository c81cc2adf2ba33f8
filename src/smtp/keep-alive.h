/* SPDX-License-Identifier: MIT */
#ifndef SMTP_KEEP_ALIVE_H
#define SMTP_KEEP_ALIVE_H

/* Keeps a session open between two messages. */

#include "base/error.h"
#include "smtp/transaction.h"

/* Sends NOOP and awaits the reply. After a failure (ERROR_TEMPORARY,
 * ERROR_PROTOCOL) the session can't be used any more. */
int smtp_keep_alive(struct smtp_channel *channel, struct error *err);

#endif

/* SPDX-License-Identifier: MIT */
#ifndef ONLINE_MAILBOX_NAME_H
#define ONLINE_MAILBOX_NAME_H

/* Names of mailboxes: IMAP has them in modified UTF-7 (RFC 3501 5.1.3), people
 * in UTF-8. */

#include <stdbool.h>

#include "base/buf.h"
#include "base/error.h"

/* Adds a server's name in UTF-8. Returns false, and may have added a part of
 * it, if it isn't modified UTF-7 or doesn't fit. */
bool mailbox_name_decode(const char *name, struct buf *text);

/* Adds a person's name as IMAP has it; one that is modified UTF-7 stays as it
 * is. ERROR_CONFIG if it isn't UTF-8; ERROR_SYSTEM; ERROR_DATA if it is too
 * long. */
int mailbox_name_encode(const char *text, struct buf *name, struct error *err);

#endif

/* SPDX-License-Identifier: MIT */
#ifndef ONLINE_LOOK_ANSWER_H
#define ONLINE_LOOK_ANSWER_H

/* Reads and writes the little IMAP (RFC 3501) that looking for a message
 * needs. Text is what a server sent, with its line ends. */

#include <stdbool.h>

#include "base/buf.h"
#include "base/error.h"

/*
 * Adds the name of the mailbox that has sent mail, in the server's spelling:
 * that with the attribute \Sent (RFC 6154), else one whose last part is a usual
 * name for it. Adds nothing if there is none. ERROR_SYSTEM; ERROR_DATA if the
 * name is too long.
 */
int look_answer_sent_mailbox(const char *text, struct buf *name,
    struct error *err);

/* Adds the numbers of the first messages that a SEARCH has found, as FETCH
 * takes them: "2,84"; nothing if it has found none. ERROR_SYSTEM. */
int look_answer_found(const char *text, struct buf *set, struct error *err);

/* Whether any of the headers that FETCH got has a Received field. */
bool look_answer_has_received(const char *text);

/* Returns the last refusal from its "NO" or "BAD" on, to the end of text; "" if
 * there is none. Borrowed. */
const char *look_answer_refusal(const char *text);

/* Adds a quoted string, escaped as libcurl decodes it. ERROR_DATA if text has a
 * character that IMAP doesn't permit there. */
int look_answer_quote(struct buf *command, const char *text, struct error *err);

#endif

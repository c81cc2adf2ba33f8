/* SPDX-License-Identifier: MIT */
#ifndef CLI_SERVE_REPLY_H
#define CLI_SERVE_REPLY_H

/* Errors as replies to an SMTP client. */

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "server/reply.h"

/*
 * Sets the reply that describes an error of ours: the message and the name of
 * its cause, then the hint. Its code says whether another try can help.
 */
void serve_reply_explain(struct server_reply *reply, const struct error *err);

/*
 * Sets the reply to another user if the error is one that only an administrator
 * can resolve, such as a missing credential. It is temporary, because the
 * message is not at fault, and has no hint, which would be for the
 * administrator. Else returns false.
 */
bool serve_reply_excuse(struct server_reply *reply, const struct error *err);

/* Sets the reply to a recipient or a message: the server's own if it refused
 * it, else as serve_reply_explain. */
void serve_reply_pass_on(struct server_reply *reply, const struct error *err);

/* Sets the reply to MAIL or RCPT: 553 with the enhanced code if the address is
 * invalid, else as serve_reply_explain. */
void serve_reply_address(struct server_reply *reply, const char *enhanced,
    const struct error *err);

/* Sets the reply to a message that is larger than max bytes. */
void serve_reply_too_large(struct server_reply *reply, uint64_t max);

#endif

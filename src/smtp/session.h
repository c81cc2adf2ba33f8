/* SPDX-License-Identifier: MIT */
#ifndef SMTP_SESSION_H
#define SMTP_SESSION_H

/*
 * One submission session (RFC 5321, 6409, 8314): opened, used for one or more
 * transactions, closed.
 */

#include "base/error.h"
#include "smtp/params.h"
#include "smtp/transaction.h"

struct smtp_session;

/*
 * Connects, sets up TLS and signs in. params is borrowed until the session is
 * closed. NULL on failure: ERROR_NO_HOST, ERROR_TEMPORARY, ERROR_SECURITY,
 * ERROR_AUTH, ERROR_REFUSED, ERROR_CONFIG, or the error of
 * params->await_secret.
 */
struct smtp_session *smtp_session_open(const struct smtp_params *params,
    struct error *err);

/* Sends one message; see smtp_transaction_run. ERROR_TEMPORARY after a
 * transaction that broke off. */
int smtp_session_send(struct smtp_session *session,
    struct smtp_transaction *transaction, struct error *err);

/*
 * Returns what the commands of a transaction in steps use (smtp/gradual.h), or
 * NULL after a transaction that broke off. Borrowed.
 */
struct smtp_channel *smtp_session_channel(struct smtp_session *session);

/* Returns whether another transaction can begin: none has broken off, and the
 * server has neither closed the connection nor announced that it will. */
bool smtp_session_is_usable(struct smtp_session *session);

/* Asks what the server thinks of sender and recipient; see smtp_probe_run. */
int smtp_session_probe(struct smtp_session *session, const char *sender,
    const char *recipient, struct error *err);

/* Sends QUIT without waiting for the reply, and closes. Accepts NULL. */
void smtp_session_close(struct smtp_session *session);

#endif

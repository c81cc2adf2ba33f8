/* SPDX-License-Identifier: MIT */
#ifndef SUBMIT_RELAY_H
#define SUBMIT_RELAY_H

/*
 * A message on its way from a client that speaks SMTP: the envelope is passed
 * on as it comes, so that the client gets the server's reply to each recipient
 * before it sends the message. If the session ends before the whole message was
 * sent, the transaction is repeated once in a new one, as long as the server
 * answers as before. If the new one refuses the credential, the failure is
 * temporary: another process can fetch it again.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/error.h"
#include "smtp/gradual.h"
#include "smtp/transaction.h"
#include "submit/delivery.h"
#include "submit/held-session.h"

/* What is known before the message. */
struct relay_sender {
	uint64_t size; /* as the client announced it, or 0 */
	bool is_7bit;
	bool utf8; /* an address or the header may need SMTPUTF8 */
};

/* The pointers are borrowed until the transaction ends. */
struct relay {
	struct held_session *held;
	struct delivery *delivery; /* with the recipients so far */
	struct relay_sender sender;
	struct smtp_transaction transaction;
	struct smtp_gradual gradual;
	bool takes_utf8;        /* the server offers SMTPUTF8 */
	uint64_t size_max;      /* that the server accepts; 0: unknown */
	struct buf known;       /* a byte for each recipient whose outcome was
				   asked for: whether it is accepted */
	bool is_restarted;      /* in a new session */
	bool is_credential_old; /* refused in that, though it was accepted
				   before */
	struct error broken; /* why the transaction can't go on, if it can't */
};

/* A relay without a transaction. */
void relay_init(struct relay *relay);

/*
 * Begins a transaction for a delivery that has no recipients yet, and opens the
 * session if there is none. Errors of held_session_open; ERROR_REFUSED if the
 * sender's address needs SMTPUTF8, which the server does not offer.
 */
int relay_begin(struct relay *relay, struct held_session *held,
    struct delivery *delivery, const struct relay_sender *sender,
    struct error *err);

/* Begins a transaction that no server takes part in: err is the outcome of each
 * recipient. */
void relay_begin_without_server(struct relay *relay, struct held_session *held,
    struct delivery *delivery, const struct error *err);

/* Ends it; may be called at any time after relay_init. */
void relay_done(struct relay *relay);

/* ERROR_REFUSED if the address needs SMTPUTF8, which the server does not offer.
 */
int relay_check_address(const struct relay *relay, const char *address,
    struct error *err);

/* Names a recipient whose address was checked; the texts are borrowed. Its
 * outcome is asked for later. ERROR_SYSTEM. */
int relay_add(struct relay *relay, const struct smtp_recipient *recipient,
    struct error *err);

/* Waits for the outcome of recipient i, in the order of relay_add. Borrowed
 * until the next call. */
const struct error *relay_outcome(struct relay *relay, size_t i);

/*
 * Sends the message of the delivery, and sets the outcome of each recipient, as
 * delivery_run does, but without retries: the client can do that. Returns the
 * outcome for the recipients that had been accepted.
 */
struct error relay_finish(struct relay *relay);

#endif

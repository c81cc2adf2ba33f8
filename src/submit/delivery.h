/* SPDX-License-Identifier: MIT */
#ifndef SUBMIT_DELIVERY_H
#define SUBMIT_DELIVERY_H

/* Sending one message through a route, with retries, and its outcomes. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/error.h"
#include "message/envelope.h"
#include "message/message.h"
#include "smtp/progress.h"
#include "smtp/record.h"
#include "smtp/transaction.h"
#include "smtp/transcript.h"
#include "spool/entry.h"
#include "submit/fallback.h"
#include "submit/held-session.h"
#include "submit/route.h"
#include "submit/thread.h"

/* A message on its way; route, envelope and message are borrowed. */
struct delivery {
	const struct route *route;
	const struct envelope *envelope;
	struct message *message; /* sealed */

	/* Those of the envelope, with outcomes; retries change their order. */
	struct smtp_recipient *recipient;
	size_t recipient_count;
	char receipt[256]; /* the server's text when it accepted the message */
	struct thread thread; /* begun by the caller, or empty */
	unsigned tries;
	struct smtp_record record; /* of the last try */
	bool duplicate_possible;   /* tried again after an ambiguous outcome */
	int signal_number;         /* the signal that ended it early, or 0 */
	bool has_client;           /* of -bs, on a Unix socket */
	uid_t client_uid;          /* the user that it belongs to */
	struct hold_channel *holder; /* waits until delivery_done, or NULL */
	bool is_unreported;          /* its client is gone */
	const struct fallback *fallback; /* set by the caller, or NULL */
	char queue_id[SPOOL_ID_SIZE]; /* set by it: of what it keeps, or "" */

	/* Called in each try before the last bytes are passed on, so before the
	   server can accept them; a failure ends it. Of the caller, or NULL. */
	int (*before_end)(void *context, struct error *err);
	void *before_end_context;
};

struct delivery_observer {
	/* A try failed, and the next one follows after delay_ms; or NULL. */
	void (*on_retry)(void *context, const struct delivery *delivery,
	    const struct error *cause, int64_t delay_ms);
	/* The credential came with a warning; or NULL. */
	void (*on_warning)(void *context, const struct error *warning);
	/* The message is being sent (smtp_params.on_progress); or NULL. */
	bool (
	    *on_progress)(void *context, const struct smtp_progress *progress);
	void *context;
	struct transcript transcript;
};

/* Call delivery_done also after a failure, which is out of memory only. */
int delivery_init(struct delivery *delivery, const struct route *route,
    const struct envelope *envelope, struct message *message,
    struct error *err);
void delivery_done(struct delivery *delivery);

/* Appends a recipient, whose texts are borrowed, to a delivery that began
 * without any. The array may move. */
int delivery_add(struct delivery *delivery,
    const struct smtp_recipient *recipient, struct error *err);

/*
 * Sends the message and sets every recipient's outcome. Retries recipients with
 * a temporary failure, after a delay that doubles, as often as the account says
 * and within its deadline. An ambiguous outcome is final unless the account has
 * retry-ambiguous; its hint names the Message-ID.
 *
 * SIGHUP, SIGINT and SIGTERM end the process only outside of a transaction; in
 * one, and while it waits to retry, they end the delivery. They remain delayed
 * (base/interruption.h) so that the caller can report the outcome.
 */
void delivery_run(struct delivery *delivery,
    const struct delivery_observer *observer);

/* As delivery_run, in a session that is kept; the next message can use it. */
void delivery_run_in(struct delivery *delivery, struct held_session *held,
    const struct delivery_observer *observer);

/* Notes that the server accepted the message, with this text. */
void delivery_accept(struct delivery *delivery, const char *receipt);

/* Sets a transaction for all recipients, which are borrowed. */
void delivery_set_transaction(const struct delivery *delivery,
    struct smtp_transaction *transaction);

/* The most serious outcome of all recipients; a permanent failure is more
 * serious than a temporary one. ERROR_NONE if all were accepted. */
const struct error *delivery_worst(const struct delivery *delivery);

/* Returns the exit status for the most serious outcome; 128 plus the number of
 * the signal if one ended the delivery early. */
int delivery_exit_status(const struct delivery *delivery);

/* Whether the recipients have different errors, or not all have one. */
bool delivery_has_several_errors(const struct delivery *delivery);

/* How many recipients have this outcome. */
size_t delivery_count(const struct delivery *delivery, enum error_code code);

/* Writes the Message-ID, printable; "" if there is none. */
void delivery_message_id(const struct delivery *delivery, char *out,
    size_t out_size);

#endif

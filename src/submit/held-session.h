/* SPDX-License-Identifier: MIT */
#ifndef SUBMIT_HELD_SESSION_H
#define SUBMIT_HELD_SESSION_H

/*
 * A session that is kept open for several messages. It is opened when the first
 * one needs it, and again when the server has ended it.
 */

#include <stdbool.h>

#include "base/error.h"
#include "smtp/session.h"
#include "smtp/transaction.h"
#include "submit/attempt.h"
#include "submit/hold-channel.h"
#include "submit/route.h"
#include "submit/session-slots.h"

struct held_session {
	struct attempt attempt;
	bool is_started;
	struct smtp_session *session; /* NULL: none is open */
	bool is_used;                 /* has carried a transaction */
	bool may_hand_over; /* set by the caller: another process may hold the
			       session (submit/hold-client.h) */
	bool has_slot;      /* set by the caller, which has taken it */
	bool is_limited;
	struct session_slots slots;
	unsigned slot; /* of the session, or 0 */
	int64_t opened_ms;
	struct hold_channel *holder; /* it waits for our report; or NULL */
};

/*
 * Prepares sessions through the route, which is borrowed like the observer.
 * Then set may_confine and log_path of the attempt. It must not be moved.
 */
void held_session_init(struct held_session *held, const struct route *route,
    const struct attempt_observer *observer);

/* Starts to fetch the credential, unless that is done; as attempt_start. Waits
 * before if the provider allows no other session: as session_slots_await. */
int held_session_start(struct held_session *held, struct error *err);

/* Returns whether a session is open that can carry another message. */
bool held_session_is_open(const struct held_session *held);

/*
 * Returns the session, and opens one if none can be used. NULL on failure: as
 * held_session_start and attempt_open. Borrowed.
 */
struct smtp_session *held_session_open(struct held_session *held,
    struct error *err);

/* A message begins: the record of the attempt becomes that of this message. */
void held_session_begin(struct held_session *held);

/* The account's deadline counts from now, for a session that stays open. */
void held_session_extend(struct held_session *held);

/*
 * Sends one message in the session; as smtp_session_send, with the errors of
 * held_session_open. If a session that has carried another message turns out to
 * have ended, and the message was not sent, a new one is opened.
 */
int held_session_send(struct held_session *held,
    struct smtp_transaction *transaction, struct error *err);

/* Ends the session, if one is open. The next message opens another. */
void held_session_close(struct held_session *held);

/* Ends a session that is at least so old if another process waits for one. */
void held_session_make_way(struct held_session *held, int64_t age_ms);

/* Returns the connection to the process that waits until the outcome is
 * reported (hold_client_reported); NULL if there is none. */
struct hold_channel *held_session_take_holder(struct held_session *held);

void held_session_done(struct held_session *held);

#endif

/* SPDX-License-Identifier: MIT */
#ifndef QUEUE_HOLD_LIMIT_H
#define QUEUE_HOLD_LIMIT_H

/* What to do about a server that limits messages or sign-ins. */

#include "submit/held-session.h"

/* Whether the failure of the whole transaction is only that: another try, in
 * another session, may succeed soon. */
bool hold_limit_is(const struct held_session *held,
    const struct smtp_transaction *transaction, const struct error *failure);

/* Whether the session has ended before the message could be accepted. */
bool hold_limit_has_ended(const struct held_session *held,
    const struct smtp_transaction *transaction, const struct error *failure);

/*
 * Returns when to try again after so many tries; 0: not within the deadlines of
 * the message. The first time it is at once if the session has carried another
 * message, since servers limit the messages of a session.
 */
int64_t hold_limit_retry_ms(const struct held_session *held, bool was_used,
    unsigned tries);

#endif

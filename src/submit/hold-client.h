/* SPDX-License-Identifier: MIT */
#ifndef SUBMIT_HOLD_CLIENT_H
#define SUBMIT_HOLD_CLIENT_H

/* Sends through a session that another process holds (setting "hold"). */

#include "base/error.h"
#include "smtp/transaction.h"
#include "submit/attempt.h"
#include "submit/hold-channel.h"
#include "submit/route.h"

/* Whether sessions for the route are held: it is an account of the
 * configuration, as it is there, and "hold" is set. */
bool hold_client_may_send(const struct route *route);

enum hold_result {
	HOLD_ABSENT, /* nothing was sent: no process, or it ended too early */
	HOLD_ANSWERED
};

/*
 * Has a process send the message; starts one if there is none. With
 * HOLD_ANSWERED, *ret_status is what smtp_session_send returns, with err, and
 * the recipients have their outcomes; if the process ends after the message has
 * gone out, they are ERROR_AMBIGUOUS. The record is set in attempt, whose
 * observer is told as in a session of its own. Signals are delayed already.
 *
 * *ret_holder is the connection then, or NULL. That process waits a moment for
 * hold_client_reported, and logs the outcome if this process is killed instead.
 */
enum hold_result hold_client_send(struct attempt *attempt,
    struct smtp_transaction *transaction, struct hold_channel **ret_holder,
    int *ret_status, struct error *err);

/* The outcome was reported. Frees the connection; accepts NULL. */
void hold_client_reported(struct hold_channel *holder);

#endif

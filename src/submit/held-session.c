/* SPDX-License-Identifier: MIT */
/*
 * Opens a session, keeps it, and replaces it. Does not retry anything that the
 * server has refused.
 */
#include "submit/held-session.h"

#include "base/clock.h"
#include "base/interruption.h"
#include "smtp/quit.h"
#include "submit/hold-client.h"
#include "submit/log-place.h"

static int held_session_take_slot(struct held_session *held, struct error *err);
static void held_session_release_slot(struct held_session *held);
static int fail_all(struct smtp_transaction *transaction,
    const struct error *err);
static int held_session_send_once(struct held_session *held,
    struct smtp_transaction *transaction, struct error *err);
static bool held_session_has_ended(const struct held_session *held,
    const struct smtp_transaction *transaction, const struct error *err);

void
held_session_init(struct held_session *held, const struct route *route,
    const struct attempt_observer *observer)
{
	*held = (struct held_session){.slots = {.fd = -1},
	    .is_limited = session_slots_limit(route->account) > 0};
	attempt_init(&held->attempt, route, observer);
	log_place_open(route->account);
}

int
held_session_start(struct held_session *held, struct error *err)
{
	if (held->is_started || held->may_hand_over)
		return 0;
	if (held->is_limited && !held->has_slot && held->slots.fd == -1)
		session_slots_open(&held->slots, held->attempt.route->account,
		    &held->attempt.observer->transcript);
	/* First: a credential is not worth a wait, and may not last that long.
	 */
	if (held_session_take_slot(held, err) == -1)
		return -1;
	if (attempt_start(&held->attempt, err) == -1) {
		attempt_done(&held->attempt);
		held_session_release_slot(held);
		return -1;
	}
	held->is_started = true;
	return 0;
}

bool
held_session_is_open(const struct held_session *held)
{
	return held->session != NULL && smtp_session_is_usable(held->session);
}

struct smtp_session *
held_session_open(struct held_session *held, struct error *err)
{
	if (!held_session_is_open(held))
		held_session_close(held);
	if (held->session != NULL)
		return held->session;
	if (held_session_start(held, err) == -1 ||
	    held_session_take_slot(held, err) == -1)
		return NULL;
	held->is_used = false;
	held->opened_ms = clock_now_ms();
	held->session = attempt_open(&held->attempt, err);
	if (held->session == NULL)
		held_session_release_slot(held);
	return held->session;
}

void
held_session_begin(struct held_session *held)
{
	smtp_record_begin(&held->attempt.record,
	    held->session != NULL && smtp_session_is_usable(held->session));
}

void
held_session_extend(struct held_session *held)
{
	held->attempt.params.deadline_ms = clock_now_ms() +
	    account_duration_ms(held->attempt.route->account, SETTING_DEADLINE);
}

int
held_session_send(struct held_session *held,
    struct smtp_transaction *transaction, struct error *err)
{
	bool was_used;
	int status;

	if (held->may_hand_over) {
		hold_client_reported(held_session_take_holder(held));
		interruption_hold();
		if (hold_client_send(&held->attempt, transaction, &held->holder,
			&status, err) == HOLD_ANSWERED)
			return status;
		held->may_hand_over = false;
		interruption_release();
	}
	if (held_session_open(held, err) == NULL)
		return fail_all(transaction, err);
	was_used = held->is_used;
	if (held_session_send_once(held, transaction, err) == 0)
		return 0;
	if (!was_used || !held_session_has_ended(held, transaction, err))
		return -1;
	held_session_close(held);
	if (held_session_open(held, err) == NULL)
		return fail_all(transaction, err);
	return held_session_send_once(held, transaction, err);
}

void
held_session_close(struct held_session *held)
{
	struct smtp_channel *channel = NULL;

	if (held->is_limited && held->session != NULL)
		channel = smtp_session_channel(held->session);
	if (channel != NULL)
		smtp_quit(channel);
	smtp_session_close(held->session);
	held->session = NULL;
	held_session_release_slot(held);
}

void
held_session_make_way(struct held_session *held, int64_t age_ms)
{
	if (held->session == NULL || held->slot == 0 ||
	    clock_now_ms() < held->opened_ms + age_ms ||
	    !session_slots_are_wanted(&held->slots))
		return;
	transcript_note(&held->attempt.observer->transcript,
	    "ending the session, because another process waits for one");
	held_session_close(held);
	session_slots_make_way(&held->slots);
}

struct hold_channel *
held_session_take_holder(struct held_session *held)
{
	struct hold_channel *holder = held->holder;

	held->holder = NULL;
	return holder;
}

void
held_session_done(struct held_session *held)
{
	held_session_close(held);
	hold_client_reported(held_session_take_holder(held));
	attempt_done(&held->attempt);
	session_slots_close(&held->slots);
	held->is_started = false;
}

static int
held_session_take_slot(struct held_session *held, struct error *err)
{
	struct attempt *attempt = &held->attempt;

	if (held->slots.fd == -1 || held->slot != 0)
		return 0;
	if (session_slots_await(&held->slots, &held->slot,
		attempt_last_ms(attempt), &attempt->observer->transcript,
		attempt->params.host, err) == -1)
		return -1;
	smtp_record_skip(&attempt->record);
	return 0;
}

static void
held_session_release_slot(struct held_session *held)
{
	session_slots_release(&held->slots, held->slot);
	held->slot = 0;
}

static int
fail_all(struct smtp_transaction *transaction, const struct error *err)
{
	for (size_t i = 0; i < transaction->recipient_count; i++) {
		transaction->recipient[i].outcome = *err;
		transaction->recipient[i].reply.code = 0;
	}
	return -1;
}

static int
held_session_send_once(struct held_session *held,
    struct smtp_transaction *transaction, struct error *err)
{
	held->is_used = true;
	interruption_hold();
	return smtp_session_send(held->session, transaction, err);
}

/* A server ends a session that was idle, or that has carried as many messages
 * as it wants (421). No recipient has the message then. */
static bool
held_session_has_ended(const struct held_session *held,
    const struct smtp_transaction *transaction, const struct error *err)
{
	for (size_t i = 0; i < transaction->recipient_count; i++) {
		enum error_code code = transaction->recipient[i].outcome.code;

		if (code == ERROR_NONE || code == ERROR_AMBIGUOUS)
			return false;
	}
	return error_is_temporary(err->code) && interruption_caught() == 0 &&
	    (err->reply_code == 421 ||
		(err->reply_code == 0 &&
		    smtp_session_channel(held->session) == NULL));
}

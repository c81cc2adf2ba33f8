/* SPDX-License-Identifier: MIT */
/*
 * Passes an envelope on as it comes, then the message.
 */
#include "submit/relay.h"

#include <string.h>

#include "base/interruption.h"
#include "base/text.h"
#include "credential/credential.h"
#include "submit/outcome.h"

enum {
	RECIPIENTS_MAX = 1000000
};

static void relay_send_rcpt(struct relay *relay);
static void relay_await(struct relay *relay, size_t i);
static int relay_send_message(struct relay *relay, struct error *err);
static int relay_open(struct relay *relay, struct error *err);
static bool relay_restart(struct relay *relay, const struct error *cause);
static int relay_repeat(struct relay *relay, struct error *err);
static int relay_compare(struct relay *relay, struct error *err);
static void relay_clear_outcomes(struct relay *relay);
static void relay_explain_refusal(struct relay *relay, struct error *err);
static void relay_break(struct relay *relay, const struct error *err);

void
relay_init(struct relay *relay)
{
	*relay = (struct relay){.held = NULL};
	buf_init(&relay->known, RECIPIENTS_MAX);
}

void
relay_begin_without_server(struct relay *relay, struct held_session *held,
    struct delivery *delivery, const struct error *err)
{
	relay_done(relay);
	relay->held = held;
	relay->delivery = delivery;
	relay_break(relay, err);
}

void
relay_done(struct relay *relay)
{
	buf_done(&relay->known);
	relay_init(relay);
}

int
relay_begin(struct relay *relay, struct held_session *held,
    struct delivery *delivery, const struct relay_sender *sender,
    struct error *err)
{
	relay_done(relay);
	relay->held = held;
	relay->delivery = delivery;
	relay->sender = *sender;
	held_session_begin(held);
	held->attempt.sender = delivery->envelope->sender;
	if (relay_open(relay, err) == 0 || relay_restart(relay, err))
		return 0;
	if (relay->broken.code != ERROR_NONE)
		*err = relay->broken;
	return -1;
}

int
relay_check_address(const struct relay *relay, const char *address,
    struct error *err)
{
	if (relay->takes_utf8 || !text_has_8bit(address, strlen(address)))
		return 0;
	error_set(err, ERROR_REFUSED,
	    "%s: accepts only ASCII addresses (no SMTPUTF8), not <%s>",
	    relay->held->attempt.params.host, address);
	memcpy(err->enhanced_code, "5.6.7", sizeof "5.6.7");
	return -1;
}

int
relay_add(struct relay *relay, const struct smtp_recipient *recipient,
    struct error *err)
{
	struct delivery *delivery = relay->delivery;

	smtp_record_skip(&relay->held->attempt.record);
	if (delivery_add(delivery, recipient, err) == -1)
		return -1;
	relay->transaction.recipient = delivery->recipient;
	relay->transaction.recipient_count = delivery->recipient_count;
	held_session_extend(relay->held);
	relay_send_rcpt(relay);
	return 0;
}

const struct error *
relay_outcome(struct relay *relay, size_t i)
{
	struct smtp_recipient *recipient = relay->delivery->recipient;

	while (relay->known.len <= i) {
		size_t next = relay->known.len;
		struct error *outcome = &recipient[next].outcome;
		struct error err;
		char is_accepted;

		smtp_record_skip(&relay->held->attempt.record);
		relay_await(relay, next);
		if (outcome->code != ERROR_NONE)
			outcome_explain(outcome, relay->delivery,
			    &relay->held->attempt, NULL);
		is_accepted = outcome->code == ERROR_NONE;
		if (buf_add(&relay->known, &is_accepted, 1, &err) == -1) {
			relay_break(relay, &err);
			break;
		}
	}
	return &recipient[i].outcome;
}

struct error
relay_finish(struct relay *relay)
{
	struct delivery *delivery = relay->delivery;
	struct error outcome = {.code = ERROR_NONE};
	int result = -1;

	smtp_record_skip(&relay->held->attempt.record);
	interruption_hold();
	if (relay->broken.code == ERROR_NONE)
		result = relay_send_message(relay, &outcome);
	if (result == -1 && relay->broken.code == ERROR_NONE &&
	    relay_restart(relay, &outcome))
		result = relay_send_message(relay, &outcome);
	if (result == 0)
		outcome.code = ERROR_NONE;
	else if (relay->broken.code != ERROR_NONE)
		outcome = relay->broken;
	delivery->record = relay->held->attempt.record;
	if (outcome.code == ERROR_NONE) {
		delivery_accept(delivery, relay->transaction.receipt);
		return outcome;
	}
	for (size_t i = 0; i < delivery->recipient_count; i++)
		outcome_explain(&delivery->recipient[i].outcome, delivery,
		    &relay->held->attempt, NULL);
	outcome_explain(&outcome, delivery, &relay->held->attempt, NULL);
	return outcome;
}

static void
relay_send_rcpt(struct relay *relay)
{
	struct delivery *delivery = relay->delivery;
	struct error err;

	if (relay->broken.code == ERROR_NONE &&
	    smtp_gradual_add(&relay->gradual, &err) == -1)
		relay_restart(relay, &err);
	if (relay->broken.code != ERROR_NONE)
		delivery->recipient[delivery->recipient_count - 1].outcome =
		    relay->broken;
}

/* A server that is about to end the session may say so by 421. */
static void
relay_await(struct relay *relay, size_t i)
{
	struct error err;

	while (relay->broken.code == ERROR_NONE) {
		if (smtp_gradual_await(&relay->gradual, i, &err) == 0) {
			err = relay->delivery->recipient[i].outcome;
			if (err.reply_code != 421 || relay->is_restarted)
				return;
		}
		relay_restart(relay, &err);
	}
}

/* The error of a failure is the recipients' outcome: only that says whether the
 * server may have the message. */
static int
relay_send_message(struct relay *relay, struct error *err)
{
	const struct delivery *delivery = relay->delivery;
	struct smtp_transaction whole;

	delivery_set_transaction(delivery, &whole);
	relay->transaction.body = whole.body;
	held_session_extend(relay->held);
	if (smtp_gradual_finish(&relay->gradual, err) == 0)
		return 0;
	for (size_t i = 0; i < delivery->recipient_count; i++) {
		const struct error *outcome = &delivery->recipient[i].outcome;

		if (outcome->code == ERROR_AMBIGUOUS)
			*err = *outcome;
	}
	return -1;
}

static int
relay_open(struct relay *relay, struct error *err)
{
	struct smtp_session *session;
	struct smtp_channel *channel;

	held_session_extend(relay->held);
	attempt_begin_patience(&relay->held->attempt);
	session = held_session_open(relay->held, err);
	if (session == NULL) {
		relay->is_restarted = true;
		return -1;
	}
	channel = smtp_session_channel(session);
	relay->size_max = channel->extensions->size_max;
	relay->takes_utf8 = channel->extensions->smtputf8;
	if (relay_check_address(relay, relay->delivery->envelope->sender,
		err) == -1)
		return -1;
	relay->delivery->tries++;
	delivery_set_transaction(relay->delivery, &relay->transaction);
	relay->transaction.recipient_count = 0;
	relay->transaction.utf8 = relay->sender.utf8 && relay->takes_utf8;
	relay->transaction.body.size = relay->sender.size;
	relay->transaction.body.has_8bit = !relay->sender.is_7bit;
	relay->held->is_used = true;
	return smtp_gradual_begin(&relay->gradual, &relay->transaction, channel,
	    err);
}

/*
 * Repeats the transaction so far in a new session, if the old one has ended for
 * the given cause. Returns whether it goes on; otherwise it is broken.
 */
static bool
relay_restart(struct relay *relay, const struct error *cause)
{
	bool has_ended = error_is_temporary(cause->code) &&
	    (cause->reply_code == 0 || cause->reply_code == 421);
	struct error err = *cause;

	if (!has_ended || relay->is_restarted || interruption_caught() != 0) {
		relay_break(relay, cause);
		return false;
	}
	relay->is_restarted = true;
	transcript_note(&relay->held->attempt.params.transcript,
	    "the session has ended; repeating the transaction in another");
	held_session_close(relay->held);
	relay_clear_outcomes(relay);
	if (relay_repeat(relay, &err) == 0)
		return true;
	relay_explain_refusal(relay, &err);
	relay_break(relay, &err);
	return false;
}

static int
relay_repeat(struct relay *relay, struct error *err)
{
	size_t count = relay->delivery->recipient_count;

	if (relay_open(relay, err) == -1)
		return -1;
	for (size_t i = 0; i < count; i++) {
		relay->transaction.recipient_count = i + 1;
		if (smtp_gradual_add(&relay->gradual, err) == -1)
			return -1;
	}
	return relay_compare(relay, err);
}

/* The client has been told whether these recipients are accepted. */
static int
relay_compare(struct relay *relay, struct error *err)
{
	for (size_t i = 0; i < relay->known.len; i++) {
		const struct error *outcome =
		    &relay->delivery->recipient[i].outcome;
		bool was_accepted = relay->known.data[i] != 0;

		if (smtp_gradual_await(&relay->gradual, i, err) == -1)
			return -1;
		if (was_accepted != (outcome->code == ERROR_NONE))
			return error_set(err, ERROR_TEMPORARY,
			    "%s: the session ended, and in another one the "
			    "server answers differently to <%s>",
			    relay->held->attempt.params.host,
			    relay->delivery->recipient[i].address);
	}
	return 0;
}

/* The failure that ended the session is not the outcome of a recipient, unless
 * it turns out to be. A refusal that the client knows of stands. */
static void
relay_clear_outcomes(struct relay *relay)
{
	struct delivery *delivery = relay->delivery;

	for (size_t i = 0; i < delivery->recipient_count; i++) {
		if (i >= relay->known.len || relay->known.data[i] != 0)
			delivery->recipient[i].outcome.code = ERROR_NONE;
	}
}

/* The credential was accepted in the session before. A process in a sandbox
 * can't fetch it again, but the next message has a new process. */
static void
relay_explain_refusal(struct relay *relay, struct error *err)
{
	const struct credential *credential = relay->held->attempt.credential;
	struct error refusal = *err;

	if (err->code != ERROR_AUTH || credential == NULL ||
	    credential_is_from_prompt(credential))
		return;
	relay->is_credential_old = true;
	error_set(err, ERROR_TEMPORARY, "%s", refusal.message);
	err->step = refusal.step;
	if (refusal.cause != NULL)
		error_set_cause(err, refusal.cause);
	error_hint(err,
	    "the credential may have changed since the dialogue began; it is "
	    "fetched again for the next message");
}

/* Nothing more can be sent in this transaction. */
static void
relay_break(struct relay *relay, const struct error *err)
{
	struct delivery *delivery = relay->delivery;

	relay->broken = *err;
	for (size_t i = 0; i < delivery->recipient_count; i++) {
		if (delivery->recipient[i].outcome.code == ERROR_NONE)
			delivery->recipient[i].outcome = *err;
	}
}

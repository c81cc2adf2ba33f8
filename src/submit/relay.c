/* SPDX-License-Identifier: MIT */
/*
 * Passes an envelope on as it comes, then the message.
 */
#include "submit/relay.h"

#include <string.h>

#include "base/interruption.h"
#include "base/text.h"
#include "submit/outcome.h"

static int relay_check_address(const struct relay *relay, const char *address,
    struct error *err);
static void relay_send_rcpt(struct relay *relay);
static void relay_break(struct relay *relay, const struct error *err);

int
relay_begin(struct relay *relay, struct held_session *held,
    struct delivery *delivery, const struct relay_sender *sender,
    struct error *err)
{
	struct smtp_session *session;
	struct smtp_channel *channel;

	*relay = (struct relay){.held = held, .delivery = delivery};
	held->attempt.sender = delivery->envelope->sender;
	session = held_session_open(held, err);
	if (session == NULL)
		return -1;
	channel = smtp_session_channel(session);
	relay->size_max = channel->extensions->size_max;
	relay->takes_utf8 = channel->extensions->smtputf8;
	if (relay_check_address(relay, delivery->envelope->sender, err) == -1)
		return -1;
	delivery->tries++;
	delivery_set_transaction(delivery, &relay->transaction);
	relay->transaction.utf8 = sender->utf8 && relay->takes_utf8;
	relay->transaction.body.size = sender->size;
	relay->transaction.body.has_8bit = !sender->is_7bit;
	held->is_used = true;
	return smtp_gradual_begin(&relay->gradual, &relay->transaction, channel,
	    err);
}

int
relay_add(struct relay *relay, const struct smtp_recipient *recipient,
    struct error *err)
{
	struct delivery *delivery = relay->delivery;

	if (relay_check_address(relay, recipient->address, err) == -1 ||
	    delivery_add(delivery, recipient, err) == -1)
		return -1;
	relay->transaction.recipient = delivery->recipient;
	relay->transaction.recipient_count = delivery->recipient_count;
	relay_send_rcpt(relay);
	return 0;
}

const struct error *
relay_outcome(struct relay *relay, size_t i)
{
	struct smtp_recipient *recipient = &relay->delivery->recipient[i];
	struct error err;

	if (relay->broken.code == ERROR_NONE &&
	    smtp_gradual_await(&relay->gradual, i, &err) == -1)
		relay_break(relay, &err);
	if (i < relay->known)
		return &recipient->outcome;
	relay->known = i + 1;
	if (recipient->outcome.code != ERROR_NONE)
		outcome_explain(&recipient->outcome, relay->delivery,
		    &relay->held->attempt);
	return &recipient->outcome;
}

struct error
relay_finish(struct relay *relay)
{
	struct delivery *delivery = relay->delivery;
	struct smtp_transaction *transaction = &relay->transaction;
	struct smtp_transaction whole;
	struct error outcome = relay->broken;

	if (outcome.code == ERROR_NONE) {
		delivery_set_transaction(delivery, &whole);
		transaction->body = whole.body;
		held_session_extend(relay->held);
		interruption_hold();
		if (smtp_gradual_finish(&relay->gradual, &outcome) == 0)
			outcome.code = ERROR_NONE;
	}
	memcpy(delivery->receipt, transaction->receipt,
	    sizeof delivery->receipt);
	if (outcome.code == ERROR_NONE)
		return outcome;
	for (size_t i = 0; i < delivery->recipient_count; i++)
		outcome_explain(&delivery->recipient[i].outcome, delivery,
		    &relay->held->attempt);
	outcome_explain(&outcome, delivery, &relay->held->attempt);
	return outcome;
}

static int
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

static void
relay_send_rcpt(struct relay *relay)
{
	struct error err;

	if (relay->broken.code == ERROR_NONE &&
	    smtp_gradual_add(&relay->gradual, &err) == -1)
		relay_break(relay, &err);
	if (relay->broken.code != ERROR_NONE) {
		struct delivery *delivery = relay->delivery;

		delivery->recipient[delivery->recipient_count - 1].outcome =
		    relay->broken;
	}
}

/* The session can't be used any more; all outcomes are set. */
static void
relay_break(struct relay *relay, const struct error *err)
{
	relay->broken = *err;
	held_session_close(relay->held);
}

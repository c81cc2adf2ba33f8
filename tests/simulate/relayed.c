/* SPDX-License-Identifier: MIT */
/*
 * Plays a client of submit/relay.c: it may wait for the reply to each
 * recipient, or send ahead, and it may leave before it sends the message.
 */
#include "relayed.h"

#include <string.h>

#include "submit/held-session.h"
#include "submit/relay.h"

#include "network.h"
#include "seed.h"
#include "verdict.h"

enum {
	RELAYED_MAX = 128
};

struct relayed {
	const struct choices *choices;
	const struct output *output;
	struct envelope envelope; /* its recipients are added */
	struct delivery *delivery;
	struct held_session held;
	struct relay relay;
	bool was_accepted[RELAYED_MAX];
	size_t asked;
};

static void relayed_send(struct relayed *relayed);
static void relayed_add(struct relayed *relayed, const char *address);
static void relayed_ask(struct relayed *relayed);
static void relayed_finish(struct relayed *relayed);
static void fail_all(const struct relayed *relayed, const struct error *err);
static void on_line(void *context, enum transcript_side side, const char *text);

void
relayed_run(const struct choices *choices, const struct output *output,
    struct message *message, struct delivery *delivery)
{
	struct relayed relayed = {.choices = choices,
	    .output = output,
	    .envelope = choices->envelope,
	    .delivery = delivery};
	const struct attempt_observer observer = {.context = &relayed,
	    .transcript = {.line = on_line, .context = &relayed}};
	struct error err;

	relayed.envelope.recipients.count = 0;
	if (delivery_init(delivery, &choices->route, &relayed.envelope, message,
		&err) == -1)
		verdict_violation("no memory");
	relay_init(&relayed.relay);
	held_session_init(&relayed.held, &choices->route, &observer);
	relayed_send(&relayed);
	relay_done(&relayed.relay);
	held_session_done(&relayed.held);
	delivery->envelope = &choices->envelope;
}

static void
relayed_send(struct relayed *relayed)
{
	const struct address_list *list =
	    &relayed->choices->envelope.recipients;
	const struct relay_sender sender = {.size = 0,
	    .utf8 = relayed->choices->envelope.needs_utf8};
	struct seed *seed = relayed->choices->seed;
	struct error err;
	int began = relay_begin(&relayed->relay, &relayed->held,
	    relayed->delivery, &sender, &err);

	for (size_t i = 0; i < list->count; i++) {
		if (began == 0)
			relayed_add(relayed, list->address[i]);
		else
			delivery_add(relayed->delivery,
			    &(struct smtp_recipient){
				.address = list->address[i]},
			    &(struct error){.code = ERROR_NONE});
		if (began == 0 && seed_chance(seed, 500))
			relayed_ask(relayed);
	}
	if (began == -1) {
		fail_all(relayed, &err);
		return;
	}
	relayed_ask(relayed);
	if (seed_chance(seed, 50)) {
		error_set(&err, ERROR_USAGE, "not sent");
		fail_all(relayed, &err);
	} else {
		relayed_finish(relayed);
	}
}

static void
relayed_add(struct relayed *relayed, const char *address)
{
	const struct smtp_recipient recipient = {.address = address};
	struct error err;

	if (relay_add(&relayed->relay, &recipient, &err) == -1)
		verdict_violation("a recipient: %s", err.message);
}

static void
relayed_ask(struct relayed *relayed)
{
	for (; relayed->asked < relayed->delivery->recipient_count;
	     relayed->asked++) {
		const struct error *outcome =
		    relay_outcome(&relayed->relay, relayed->asked);

		relayed->was_accepted[relayed->asked] =
		    outcome->code == ERROR_NONE;
		output_check(relayed->output, "recipient", outcome->message);
	}
}

/* A client sends no message if no recipient was accepted. After a temporary
 * reply to the message it sends again. */
static void
relayed_finish(struct relayed *relayed)
{
	const struct delivery *delivery = relayed->delivery;
	size_t accepted = 0;
	struct error outcome;

	for (size_t i = 0; i < relayed->asked; i++)
		accepted += relayed->was_accepted[i];
	if (accepted == 0)
		return;
	outcome = relay_finish(&relayed->relay);
	verdict_note("reply", "%s", error_code_name(outcome.code));
	for (size_t i = 0; i < delivery->recipient_count; i++) {
		enum error_code code = delivery->recipient[i].outcome.code;
		bool may_have_it =
		    code == ERROR_NONE || code == ERROR_AMBIGUOUS;

		if (may_have_it && !relayed->was_accepted[i])
			verdict_violation("%s was refused, and then not",
			    delivery->recipient[i].address);
		if (outcome.code == ERROR_NONE && code != ERROR_NONE &&
		    relayed->was_accepted[i])
			verdict_violation("%s has no message, but a success",
			    delivery->recipient[i].address);
		if (outcome.code != ERROR_NONE &&
		    outcome.code != ERROR_AMBIGUOUS && may_have_it)
			verdict_violation("%s may get a second copy",
			    delivery->recipient[i].address);
	}
}

static void
fail_all(const struct relayed *relayed, const struct error *err)
{
	const struct delivery *delivery = relayed->delivery;

	for (size_t i = 0; i < delivery->recipient_count; i++) {
		if (delivery->recipient[i].outcome.code == ERROR_NONE)
			delivery->recipient[i].outcome = *err;
	}
}

static void
on_line(void *context, enum transcript_side side, const char *text)
{
	const struct relayed *relayed = context;

	(void)side;
	output_check(relayed->output, "transcript", text);
}

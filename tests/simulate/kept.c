/* SPDX-License-Identifier: MIT */
/*
 * Delivers group by group, each with its own retries.
 */
#include "kept.h"

#include "base/interruption.h"
#include "submit/held-session.h"

#include "seed.h"
#include "verdict.h"

static void send_group(const struct choices *choices, struct held_session *held,
    const struct delivery_observer *observer, struct delivery *all, size_t at,
    size_t count);
static void fail_from(struct delivery *delivery, size_t at);
static void on_line(void *context, enum transcript_side side, const char *text);

void
kept_run(const struct choices *choices, const struct output *output,
    struct delivery *delivery)
{
	const struct transcript transcript = {.line = on_line,
	    .context = (void *)output};
	const struct attempt_observer steps = {.transcript = transcript};
	const struct delivery_observer observer = {.transcript = transcript};
	struct held_session held;
	size_t at = 0;

	held_session_init(&held, &choices->route, &steps);
	for (int group = 1; at < delivery->recipient_count; group++) {
		size_t left = delivery->recipient_count - at;
		size_t count = group == KEPT_DELIVERIES_MAX
		    ? left
		    : 1 + seed_below(choices->seed, (uint32_t)left);

		if (interruption_caught() != 0)
			break;
		send_group(choices, &held, &observer, delivery, at, count);
		at += count;
	}
	fail_from(delivery, at);
	held_session_done(&held);
}

static void
send_group(const struct choices *choices, struct held_session *held,
    const struct delivery_observer *observer, struct delivery *all, size_t at,
    size_t count)
{
	struct envelope envelope = choices->envelope;
	struct delivery delivery;
	struct error err;

	envelope.recipients.address += at;
	envelope.recipients.count = count;
	if (delivery_init(&delivery, &choices->route, &envelope, all->message,
		&err) == -1)
		verdict_violation("no memory");
	message_rewind(all->message);
	delivery_run_in(&delivery, held, observer);
	/* Retries have changed the order. */
	for (size_t i = 0; i < count; i++) {
		for (size_t k = at; k < at + count; k++) {
			if (delivery.recipient[i].address ==
			    all->recipient[k].address)
				all->recipient[k].outcome =
				    delivery.recipient[i].outcome;
		}
	}
	delivery_done(&delivery);
}

static void
fail_from(struct delivery *delivery, size_t at)
{
	for (; at < delivery->recipient_count; at++)
		error_set(&delivery->recipient[at].outcome, ERROR_USAGE,
		    "not sent");
}

static void
on_line(void *context, enum transcript_side side, const char *text)
{
	(void)side;
	output_check(context, "transcript", text);
}

/* SPDX-License-Identifier: MIT */
/*
 * Sends a message until each recipient has a final outcome or the tries are
 * used up. Never sends again to a recipient whose message was accepted, nor,
 * unless the account permits it, to one whose message may have been.
 */
#include "submit/delivery.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/interruption.h"
#include "base/jitter.h"
#include "base/text.h"
#include "submit/hold-client.h"
#include "submit/outcome.h"
#include "submit/preflight.h"
#include "submit/recipient-batch.h"

/* A delivery while it runs. */
struct delivery_run {
	struct delivery *delivery;
	const struct delivery_observer *observer;
	struct held_session *held;
	struct smtp_transaction transaction;
	size_t pending; /* the first recipients have no final outcome */
	struct recipient_batch batch;
};

static void note_findings(const struct delivery_run *run);
static void try_all(struct delivery_run *run);
static void send_batch(struct delivery_run *run);
static void note_thread(const struct delivery_run *run);
static void fail_pending(struct delivery_run *run, const struct error *err);
static void sort_outcomes(struct delivery_run *run);
static bool start_next_batch(struct delivery_run *run);
static void restore_order(struct delivery *delivery);
static bool may_retry(const struct error *outcome,
    const struct account *account);
static bool wait_for_retry(struct delivery_run *run);
static long next_bytes(void *context, void *out, size_t len, struct error *err);
static void rewind_bytes(void *context);

int
delivery_init(struct delivery *delivery, const struct route *route,
    const struct envelope *envelope, struct message *message, struct error *err)
{
	const struct address_list *list = &envelope->recipients;

	*delivery = (struct delivery){.route = route,
	    .envelope = envelope,
	    .message = message};
	delivery->recipient =
	    calloc(list->count + 1, sizeof *delivery->recipient);
	if (delivery->recipient == NULL)
		return error_no_memory(err);
	delivery->recipient_count = list->count;
	for (size_t i = 0; i < list->count; i++)
		delivery->recipient[i].address = list->address[i];
	return 0;
}

void
delivery_done(struct delivery *delivery)
{
	hold_client_reported(delivery->holder);
	delivery->holder = NULL;
	thread_done(&delivery->thread);
	free(delivery->recipient);
	delivery->recipient = NULL;
	delivery->recipient_count = 0;
}

int
delivery_add(struct delivery *delivery, const struct smtp_recipient *recipient,
    struct error *err)
{
	size_t count = delivery->recipient_count;

	if ((count & (count - 1)) == 0) { /* 0 or a power of 2 */
		size_t size = count > 0 ? 2 * count : 1;
		struct smtp_recipient *list = realloc(delivery->recipient,
		    size * sizeof *delivery->recipient);

		if (list == NULL)
			return error_no_memory(err);
		delivery->recipient = list;
	}
	delivery->recipient[delivery->recipient_count++] = *recipient;
	return 0;
}

void
delivery_run(struct delivery *delivery,
    const struct delivery_observer *observer)
{
	const struct attempt_observer steps = {.context = observer->context,
	    .on_warning = observer->on_warning,
	    .on_progress = observer->on_progress,
	    .transcript = observer->transcript};
	struct held_session held;

	held_session_init(&held, delivery->route, &steps);
	held.attempt.may_confine = true;
	held.attempt.log_path =
	    delivery->route->account->text[SETTING_LOG_FILE];
	held.attempt.fallback = delivery->fallback;
	held.may_hand_over = hold_client_may_send(delivery->route);
	delivery_run_in(delivery, &held, observer);
	held_session_close(&held);
	if (delivery->fallback != NULL)
		delivery->fallback->keep(delivery->fallback->context,
		    held.attempt.launcher);
	delivery->holder = held_session_take_holder(&held);
	held_session_done(&held);
}

void
delivery_run_in(struct delivery *delivery, struct held_session *held,
    const struct delivery_observer *observer)
{
	struct delivery_run run = {.delivery = delivery,
	    .observer = observer,
	    .held = held,
	    .pending = delivery->recipient_count};
	struct error err;

	for (size_t i = 0; i < delivery->recipient_count; i++)
		delivery->recipient[i].position = i;
	held->attempt.sender = delivery->envelope->sender;
	held_session_extend(held); /* for all tries together */
	attempt_begin_patience(&held->attempt);
	delivery_set_transaction(delivery, &run.transaction);
	note_findings(&run);
	if (held_session_start(held, &err) == -1) {
		fail_pending(&run, &err);
	} else {
		do {
			try_all(&run);
		} while (run.pending > 0 && wait_for_retry(&run));
	}
	restore_order(delivery);
	if (delivery_worst(delivery)->code != ERROR_NONE)
		delivery->signal_number = interruption_caught();
}

void
delivery_accept(struct delivery *delivery, const char *receipt)
{
	snprintf(delivery->receipt, sizeof delivery->receipt, "%s", receipt);
	thread_learn(&delivery->thread, delivery->route->account,
	    &delivery->message->header, receipt);
}

void
delivery_set_transaction(const struct delivery *delivery,
    struct smtp_transaction *transaction)
{
	const struct envelope *envelope = delivery->envelope;

	*transaction = (struct smtp_transaction){.sender = envelope->sender,
	    .utf8 = envelope->needs_utf8,
	    .notify = envelope->notify,
	    .return_type = envelope->return_type,
	    .envelope_id = envelope->envelope_id,
	    .recipient = delivery->recipient,
	    .recipient_count = delivery->recipient_count,
	    .body = {.size = delivery->message->wire_size,
		.has_8bit = delivery->message->has_8bit,
		.next = next_bytes,
		.rewind = rewind_bytes,
		.context = (void *)delivery}};
}

void
delivery_message_id(const struct delivery *delivery, char *out, size_t out_size)
{
	const struct header_field *field =
	    header_find(&delivery->message->header, "Message-ID", 0, NULL);

	out[0] = '\0';
	if (field == NULL)
		return;
	text_printable(out, out_size, field->value, field->value_len);
	memmove(out, text_trim(out), strlen(text_trim(out)) + 1);
}

/* Under -v: what the provider may refuse. */
static void
note_findings(const struct delivery_run *run)
{
	const struct delivery *delivery = run->delivery;
	const struct transcript *transcript = &run->observer->transcript;
	struct preflight preflight;

	if (transcript->line == NULL)
		return;
	preflight_run(&preflight, delivery->route, delivery->envelope,
	    delivery->message);
	for (size_t i = 0; i < preflight.count; i++)
		transcript_note(transcript, "%s", preflight.finding[i]);
}

/* One try, in as many transactions as the server demands. */
static void
try_all(struct delivery_run *run)
{
	run->delivery->tries++;
	held_session_begin(run->held);
	do {
		send_batch(run);
		sort_outcomes(run);
	} while (run->pending > 0 && start_next_batch(run));
}

static void
send_batch(struct delivery_run *run)
{
	struct delivery *delivery = run->delivery;
	struct error err;

	run->transaction.recipient_count = recipient_batch_begin(&run->batch,
	    delivery->recipient, run->pending);
	if (held_session_send(run->held, &run->transaction, &err) == 0)
		delivery_accept(delivery, run->transaction.receipt);
	recipient_batch_count(&run->batch, delivery->recipient);
	note_thread(run);
	delivery->record = run->held->attempt.record;
}

/* Under -v: what became of the Message-IDs. */
static void
note_thread(const struct delivery_run *run)
{
	const struct transcript *transcript = &run->observer->transcript;
	const struct thread *thread = &run->delivery->thread;

	if (thread->rewritten > 0)
		transcript_note(transcript,
		    "References and In-Reply-To name the new Message-IDs of %u "
		    "earlier messages",
		    thread->rewritten);
	if (thread->new_id[0] != '\0')
		transcript_note(transcript,
		    "the server changed the Message-ID to %s", thread->new_id);
	if (thread->problem[0] != '\0')
		transcript_note(transcript,
		    "the thread may break, because the server changes "
		    "Message-IDs: %s",
		    thread->problem);
}

static void
fail_pending(struct delivery_run *run, const struct error *err)
{
	for (size_t i = 0; i < run->pending; i++) {
		run->delivery->recipient[i].outcome = *err;
		run->delivery->recipient[i].reply.code = 0;
	}
}

/* Adds hints to the outcomes, and moves the recipients to be retried to the
 * front. */
static void
sort_outcomes(struct delivery_run *run)
{
	struct delivery *delivery = run->delivery;
	const struct route *route = delivery->route;
	struct outcome_memory memory = {.before = {.code = ERROR_NONE}};
	size_t pending = 0;

	for (size_t i = 0; i < run->pending; i++) {
		struct smtp_recipient recipient = delivery->recipient[i];

		if (i < run->batch.tried)
			outcome_explain(&recipient.outcome, delivery,
			    &run->held->attempt, &memory);
		delivery->recipient[i] = recipient;
		if (!may_retry(&recipient.outcome, route->account) &&
		    !recipient_batch_may_follow(&run->batch,
			&recipient.outcome))
			continue;
		delivery->recipient[i] = delivery->recipient[pending];
		delivery->recipient[pending++] = recipient;
	}
	run->pending = pending;
}

/* Sends to those that the server refused only because there are too many. */
static bool
start_next_batch(struct delivery_run *run)
{
	if (!recipient_batch_next(&run->batch, run->delivery->recipient,
		run->pending))
		return false;
	interruption_hold();
	if (interruption_caught() != 0)
		return false;
	transcript_note(&run->observer->transcript,
	    "the server accepts %zu recipients at a time; sending to the next",
	    run->batch.limit);
	interruption_release();
	return true;
}

/* For the report: retries have moved recipients. */
static void
restore_order(struct delivery *delivery)
{
	struct smtp_recipient *recipient = delivery->recipient;

	for (size_t i = 0; i < delivery->recipient_count; i++) {
		while (recipient[i].position != i) {
			size_t place = recipient[i].position;
			struct smtp_recipient other = recipient[place];

			recipient[place] = recipient[i];
			recipient[i] = other;
		}
	}
}

static bool
may_retry(const struct error *outcome, const struct account *account)
{
	return outcome->code == ERROR_AMBIGUOUS
	    ? account_bool(account, SETTING_RETRY_AMBIGUOUS)
	    : error_is_temporary(outcome->code);
}

/* Sleeps until the next try. False: there is none. */
static bool
wait_for_retry(struct delivery_run *run)
{
	struct delivery *delivery = run->delivery;
	const struct delivery_observer *observer = run->observer;
	const struct account *account = delivery->route->account;
	unsigned doublings = delivery->tries - 1;
	int64_t delay_ms;

	interruption_hold();
	if (interruption_caught() != 0 ||
	    delivery->tries >= 1 + account_number(account, SETTING_RETRIES))
		return false;
	delay_ms = jitter_add(account_duration_ms(account, SETTING_RETRY_DELAY)
	    << (doublings < 20 ? doublings : 20));
	if (clock_now_ms() + delay_ms >= attempt_last_ms(&run->held->attempt))
		return false;
	for (size_t i = 0; i < run->pending; i++) {
		if (delivery->recipient[i].outcome.code == ERROR_AMBIGUOUS)
			delivery->duplicate_possible = true;
	}
	if (observer->on_retry != NULL)
		observer->on_retry(observer->context, delivery,
		    &delivery->recipient[0].outcome, delay_ms);
	held_session_close(run->held);
	interruption_sleep_until(clock_now_ms() + delay_ms);
	if (interruption_caught() != 0)
		return false;
	interruption_release();
	return true;
}

static long
next_bytes(void *context, void *out, size_t len, struct error *err)
{
	const struct delivery *delivery = context;
	long got = message_next(delivery->message, out, len, err);

	if (got == -1 || delivery->before_end == NULL ||
	    !message_is_at_end(delivery->message))
		return got;
	return delivery->before_end(delivery->before_end_context, err) == 0
	    ? got
	    : -1;
}

static void
rewind_bytes(void *context)
{
	const struct delivery *delivery = context;

	message_rewind(delivery->message);
}

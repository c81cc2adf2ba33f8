/* SPDX-License-Identifier: MIT */
/*
 * Sends a message until each recipient has a final outcome or the tries are
 * used up. Never sends again to a recipient whose message was accepted, nor,
 * unless the account permits it, to one whose message may have been.
 */
#include "submit/delivery.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/interruption.h"
#include "base/text.h"
#include "submit/attempt.h"
#include "submit/log-place.h"
#include "submit/preflight.h"

/* A delivery while it runs. */
struct delivery_run {
	struct delivery *delivery;
	const struct delivery_observer *observer;
	struct attempt attempt;
	struct smtp_transaction transaction;
	size_t pending; /* the first recipients have no final outcome */
};

static void set_transaction(struct delivery_run *run);
static void note_findings(const struct delivery_run *run);
static void try_once(struct delivery_run *run);
static void fail_pending(struct delivery_run *run, const struct error *err);
static void sort_outcomes(struct delivery_run *run);
static bool may_retry(const struct error *outcome,
    const struct account *account);
static void suggest_search(struct error *err, const struct delivery *delivery);
static void suggest_check(struct error *err, const struct account *account);
static bool wait_for_retry(struct delivery_run *run);
static int64_t with_jitter(int64_t delay_ms);
static int severity(const struct error *outcome);
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
	delivery->recipient = calloc(list->count, sizeof *delivery->recipient);
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
	free(delivery->recipient);
	delivery->recipient = NULL;
	delivery->recipient_count = 0;
}

void
delivery_run(struct delivery *delivery,
    const struct delivery_observer *observer)
{
	const struct attempt_observer steps = {.context = observer->context,
	    .on_warning = observer->on_warning,
	    .on_progress = observer->on_progress,
	    .transcript = observer->transcript};
	struct delivery_run run = {.delivery = delivery,
	    .observer = observer,
	    .pending = delivery->recipient_count};
	struct error err;

	log_place_open(delivery->route->account);
	attempt_init(&run.attempt, delivery->route, &steps);
	run.attempt.may_confine = true;
	run.attempt.sender = delivery->envelope->sender;
	run.attempt.log_path = delivery->route->account->text[SETTING_LOG_FILE];
	set_transaction(&run);
	note_findings(&run);
	if (attempt_start(&run.attempt, &err) == -1) {
		fail_pending(&run, &err);
	} else {
		do {
			try_once(&run);
			sort_outcomes(&run);
		} while (run.pending > 0 && wait_for_retry(&run));
	}
	attempt_done(&run.attempt);
	if (delivery_worst(delivery)->code != ERROR_NONE)
		delivery->signal_number = interruption_caught();
}

const struct error *
delivery_worst(const struct delivery *delivery)
{
	const struct error *worst = &delivery->recipient[0].outcome;

	for (size_t i = 1; i < delivery->recipient_count; i++) {
		const struct error *outcome = &delivery->recipient[i].outcome;

		if (severity(outcome) > severity(worst))
			worst = outcome;
	}
	return worst;
}

int
delivery_exit_status(const struct delivery *delivery)
{
	return delivery->signal_number != 0
	    ? INTERRUPTION_STATUS + delivery->signal_number
	    : error_exit_status(delivery_worst(delivery)->code);
}

size_t
delivery_count(const struct delivery *delivery, enum error_code code)
{
	size_t count = 0;

	for (size_t i = 0; i < delivery->recipient_count; i++)
		count += delivery->recipient[i].outcome.code == code;
	return count;
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

static void
set_transaction(struct delivery_run *run)
{
	const struct delivery *delivery = run->delivery;
	const struct envelope *envelope = delivery->envelope;

	run->transaction = (struct smtp_transaction){.sender = envelope->sender,
	    .utf8 = envelope->needs_utf8,
	    .notify = envelope->notify,
	    .return_type = envelope->return_type,
	    .envelope_id = envelope->envelope_id,
	    .recipient = delivery->recipient,
	    .body = {.size = delivery->message->wire_size,
		.has_8bit = delivery->message->has_8bit,
		.next = next_bytes,
		.rewind = rewind_bytes,
		.context = delivery->message}};
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

static void
try_once(struct delivery_run *run)
{
	struct delivery *delivery = run->delivery;
	struct smtp_session *session;
	struct error err;

	delivery->tries++;
	session = attempt_open(&run->attempt, &err);
	if (session == NULL) {
		fail_pending(run, &err);
		return;
	}
	run->transaction.recipient_count = run->pending;
	interruption_hold();
	if (smtp_session_send(session, &run->transaction, &err) == 0)
		memcpy(delivery->receipt, run->transaction.receipt,
		    sizeof delivery->receipt);
	smtp_session_close(session);
}

static void
fail_pending(struct delivery_run *run, const struct error *err)
{
	for (size_t i = 0; i < run->pending; i++)
		run->delivery->recipient[i].outcome = *err;
}

/* Adds hints to the outcomes, and moves the recipients to be retried to the
 * front. */
static void
sort_outcomes(struct delivery_run *run)
{
	struct delivery *delivery = run->delivery;
	const struct route *route = delivery->route;
	size_t pending = 0;

	for (size_t i = 0; i < run->pending; i++) {
		struct smtp_recipient recipient = delivery->recipient[i];

		if (recipient.outcome.code == ERROR_AMBIGUOUS)
			suggest_search(&recipient.outcome, delivery);
		else
			attempt_diagnose(&run->attempt, &recipient.outcome);
		suggest_check(&recipient.outcome, route->account);
		delivery->recipient[i] = recipient;
		if (!may_retry(&recipient.outcome, route->account))
			continue;
		delivery->recipient[i] = delivery->recipient[pending];
		delivery->recipient[pending++] = recipient;
	}
	run->pending = pending;
}

static bool
may_retry(const struct error *outcome, const struct account *account)
{
	return outcome->code == ERROR_AMBIGUOUS
	    ? account_bool(account, SETTING_RETRY_AMBIGUOUS)
	    : error_is_temporary(outcome->code);
}

/* The same Message-ID lets mail programs recognise a duplicate. */
static void
suggest_search(struct error *err, const struct delivery *delivery)
{
	static const char search[] =
	    "if neither your sent mail nor a recipient has it, send it again";
	char id[512];

	delivery_message_id(delivery, id, sizeof id);
	if (id[0] == '\0')
		error_hint(err, "%s", search);
	else
		error_hint(err, "%s with the header field Message-ID: %s",
		    search, id);
}

/* Only where there is no better hint. */
static void
suggest_check(struct error *err, const struct account *account)
{
	bool is_meant = err->code == ERROR_SECURITY ||
	    (err->code == ERROR_AUTH && err->reply_code != 0);

	if (is_meant && err->hint[0] == '\0' && account->name != NULL)
		error_hint(err, "run postrider check %s for details",
		    account->name);
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
	delay_ms = with_jitter(account_duration_ms(account, SETTING_RETRY_DELAY)
	    << (doublings < 20 ? doublings : 20));
	if (clock_now_ms() + delay_ms >= run->attempt.params.deadline_ms)
		return false;
	for (size_t i = 0; i < run->pending; i++) {
		if (delivery->recipient[i].outcome.code == ERROR_AMBIGUOUS)
			delivery->duplicate_possible = true;
	}
	if (observer->on_retry != NULL)
		observer->on_retry(observer->context, delivery,
		    &delivery->recipient[0].outcome, delay_ms);
	interruption_sleep_until(clock_now_ms() + delay_ms);
	if (interruption_caught() != 0)
		return false;
	interruption_release();
	return true;
}

/* Adds up to a quarter, so that many callers do not return at once. */
static int64_t
with_jitter(int64_t delay_ms)
{
	uint32_t random = 0;

	if (getentropy(&random, sizeof random) == -1)
		random = (uint32_t)getpid();
	return delay_ms + (int64_t)(random % 1024) * (delay_ms / 4) / 1024;
}

static int
severity(const struct error *outcome)
{
	if (outcome->code == ERROR_NONE)
		return 0;
	if (error_is_temporary(outcome->code))
		return 1;
	if (outcome->code == ERROR_AMBIGUOUS)
		return 2;
	return outcome->code == ERROR_NO_USER ? 3 : 4;
}

static long
next_bytes(void *context, void *out, size_t len, struct error *err)
{
	return message_next(context, out, len, err);
}

static void
rewind_bytes(void *context)
{
	message_rewind(context);
}

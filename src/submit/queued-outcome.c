/* SPDX-License-Identifier: MIT */
/*
 * Decides what becomes of a queued message after a try: sent, refused, unknown,
 * or when the next try is.
 */
#include "submit/queued-outcome.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "submit/queue-wait.h"

enum {
	LIFETIME_S = 5 * 86400 /* of an account that can't be found */
};

static void queued_outcome_set_recipient(struct spool_entry *entry,
    const struct smtp_recipient *recipient);
static enum spool_status queued_outcome_status(const struct error *outcome);
static const struct error *
queued_outcome_choose(const struct delivery *delivery, uint64_t tries);
static void queued_outcome_note(struct spool_entry *entry,
    const struct error *failure);
static void queued_outcome_note_text(struct spool_entry *entry,
    enum spool_text text, const char *value);

bool
queued_outcome_may_wait(const struct error *outcome)
{
	static const enum error_code never[] = {ERROR_QUEUED, ERROR_USAGE,
	    ERROR_DATA, ERROR_INPUT, ERROR_BUG, ERROR_CREATE, ERROR_IO,
	    ERROR_CONFIG};

	for (size_t i = 0; i < sizeof never / sizeof *never; i++) {
		if (outcome->code == never[i])
			return false;
	}
	return queued_outcome_status(outcome) == SPOOL_WAITING;
}

const struct error *
queued_outcome_set(struct spool_entry *entry, const struct delivery *delivery)
{
	const struct error *failure;

	spool_entry_change(entry, SPOOL_SENDING, SPOOL_WAITING);
	for (size_t i = 0; i < delivery->recipient_count; i++)
		queued_outcome_set_recipient(entry, &delivery->recipient[i]);
	entry->number[SPOOL_TRIES]++;
	entry->number[SPOOL_TRIED] = (uint64_t)time(NULL);
	entry->number[SPOOL_NEXT] = entry->number[SPOOL_TRIED];
	failure = queued_outcome_choose(delivery, entry->number[SPOOL_TRIES]);
	queued_outcome_note(entry,
	    failure != NULL ? failure : delivery_worst(delivery));
	if (failure == NULL || delivery->signal_number != 0)
		return NULL;
	if (queue_wait_is_for_account(failure))
		return failure;
	entry->number[SPOOL_NEXT] +=
	    queue_wait_seconds(failure, entry->number[SPOOL_TRIES]);
	return NULL;
}

void
queued_outcome_postpone(struct spool_entry *entry, const struct error *failure)
{
	for (size_t i = 0; i < entry->count; i++) {
		struct spool_recipient *one = &entry->recipient[i];

		if (one->status == SPOOL_WAITING)
			spool_recipient_set(one, one->status, failure->message);
	}
	queued_outcome_note(entry, failure);
	entry->number[SPOOL_TRIES]++;
	entry->number[SPOOL_TRIED] = (uint64_t)time(NULL);
	entry->number[SPOOL_NEXT] = entry->number[SPOOL_TRIED] +
	    queue_wait_seconds(failure, entry->number[SPOOL_TRIES]);
}

bool
queued_outcome_expire(struct spool_entry *entry, const struct account *account)
{
	int64_t lifetime_s = account != NULL
	    ? account_duration_ms(account, SETTING_QUEUE_LIFETIME) / 1000
	    : LIFETIME_S;
	uint64_t end = entry->number[SPOOL_CREATED] + (uint64_t)lifetime_s;

	if ((uint64_t)time(NULL) < end ||
	    spool_entry_count(entry, SPOOL_WAITING) == 0)
		return false;
	for (size_t i = 0; i < entry->count; i++) {
		if (entry->recipient[i].status == SPOOL_WAITING)
			entry->recipient[i].status = SPOOL_EXPIRED;
	}
	return true;
}

bool
queued_outcome_hold(struct account_hold *hold, const struct error *failure)
{
	bool needed_user = hold->needs_user != 0;
	uint64_t now = (uint64_t)time(NULL);

	hold->needs_user = queue_wait_needs_user(failure);
	if (hold->since == 0)
		hold->since = now;
	hold->tries++;
	hold->tried = now;
	hold->next = now + queue_wait_seconds(failure, hold->tries);
	account_hold_set(hold, ACCOUNT_HOLD_CAUSE, failure->cause);
	account_hold_set(hold, ACCOUNT_HOLD_REASON, failure->message);
	account_hold_set(hold, ACCOUNT_HOLD_HINT, failure->hint);
	return hold->needs_user != 0 && !needed_user;
}

static void
queued_outcome_set_recipient(struct spool_entry *entry,
    const struct smtp_recipient *recipient)
{
	for (size_t i = 0; i < entry->count; i++) {
		struct spool_recipient *one = &entry->recipient[i];

		if (one->status == SPOOL_WAITING &&
		    strcmp(one->address, recipient->address) == 0)
			spool_recipient_set(one,
			    queued_outcome_status(&recipient->outcome),
			    recipient->outcome.message);
	}
}

/* Only what the server says of this message, not of the sign-in, is final. */
static enum spool_status
queued_outcome_status(const struct error *outcome)
{
	static const char *const steps[] = {"mail", "rcpt", "data", "message"};

	if (outcome->code == ERROR_NONE)
		return SPOOL_SENT;
	if (outcome->code == ERROR_AMBIGUOUS)
		return SPOOL_UNKNOWN;
	if (outcome->step == NULL ||
	    (outcome->code != ERROR_NO_USER && outcome->code != ERROR_REFUSED &&
		outcome->code != ERROR_DATA))
		return SPOOL_WAITING;
	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
		if (strcmp(outcome->step, steps[i]) == 0)
			return SPOOL_REFUSED;
	}
	return SPOOL_WAITING;
}

/* Of those that wait, what concerns the account, else what is over first.
 * NULL: none waits. */
static const struct error *
queued_outcome_choose(const struct delivery *delivery, uint64_t tries)
{
	const struct error *chosen = NULL;
	uint64_t shortest = 0;

	for (size_t i = 0; i < delivery->recipient_count; i++) {
		const struct error *outcome = &delivery->recipient[i].outcome;
		uint64_t wait;

		if (queued_outcome_status(outcome) != SPOOL_WAITING)
			continue;
		if (queue_wait_is_for_account(outcome))
			return outcome;
		wait = queue_wait_seconds(outcome, tries);
		if (chosen != NULL && wait >= shortest)
			continue;
		chosen = outcome;
		shortest = wait;
	}
	return chosen;
}

static void
queued_outcome_note(struct spool_entry *entry, const struct error *failure)
{
	char reply[ERROR_MESSAGE_SIZE + 32];

	snprintf(reply, sizeof reply, "%d%s%s %s", failure->reply_code,
	    failure->enhanced_code[0] != '\0' ? " " : "",
	    failure->enhanced_code, failure->message + failure->reply_offset);
	queued_outcome_note_text(entry, SPOOL_CAUSE, failure->cause);
	queued_outcome_note_text(entry, SPOOL_REPLY,
	    failure->reply_code != 0 && failure->reply_offset > 0 ? reply
								  : NULL);
}

/* Without memory it is lost. */
static void
queued_outcome_note_text(struct spool_entry *entry, enum spool_text text,
    const char *value)
{
	struct error ignored;

	spool_entry_set(entry, text, value, &ignored);
}

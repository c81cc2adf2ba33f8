/* SPDX-License-Identifier: MIT */
/*
 * Decides what becomes of a queued message after a try: sent, refused, unknown,
 * or when the next try is.
 */
#include "submit/queued-outcome.h"

#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

static void queued_outcome_set_recipient(struct spool_entry *entry,
    const struct smtp_recipient *recipient);
static enum spool_status queued_outcome_status(const struct error *outcome);
static uint64_t queued_outcome_wait_s(const struct spool_entry *entry,
    bool is_slow);
static void queued_outcome_end_if_old(struct spool_entry *entry);

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

void
queued_outcome_set(struct spool_entry *entry, const struct delivery *delivery)
{
	spool_entry_change(entry, SPOOL_SENDING, SPOOL_WAITING);
	for (size_t i = 0; i < delivery->recipient_count; i++)
		queued_outcome_set_recipient(entry, &delivery->recipient[i]);
	if (spool_entry_count(entry, SPOOL_SENT) < entry->count)
		queued_outcome_postpone(entry, delivery_worst(delivery));
}

void
queued_outcome_postpone(struct spool_entry *entry, const struct error *failure)
{
	for (size_t i = 0; i < entry->count; i++) {
		struct spool_recipient *one = &entry->recipient[i];

		if (one->status == SPOOL_WAITING && one->reason == NULL)
			spool_recipient_set(one, one->status, failure->message);
	}
	entry->number[SPOOL_TRIES]++;
	entry->number[SPOOL_NEXT] = (uint64_t)time(NULL) +
	    queued_outcome_wait_s(entry, failure->code == ERROR_LATER);
	queued_outcome_end_if_old(entry);
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

/* Doubles with each try; a quarter of it is random. */
static uint64_t
queued_outcome_wait_s(const struct spool_entry *entry, bool is_slow)
{
	uint64_t tries = entry->number[SPOOL_TRIES];
	uint64_t wait = QUEUE_WAIT_MIN_S;
	uint32_t random = 0;

	while (--tries > 0 && wait < QUEUE_WAIT_MAX_S)
		wait *= 2;
	if (is_slow && wait < 3600)
		wait = 3600;
	if (getentropy(&random, sizeof random) == -1)
		random = (uint32_t)getpid();
	wait += wait / 4 * (random % 1024) / 1024;
	return wait < QUEUE_WAIT_MAX_S ? wait : QUEUE_WAIT_MAX_S;
}

static void
queued_outcome_end_if_old(struct spool_entry *entry)
{
	uint64_t end = entry->number[SPOOL_CREATED] + QUEUE_LIFETIME_S;

	if ((uint64_t)time(NULL) >= end)
		spool_entry_change(entry, SPOOL_WAITING, SPOOL_REFUSED);
}

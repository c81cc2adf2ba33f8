/* SPDX-License-Identifier: MIT */
/*
 * Queues the recipients of a delivery that may still get the message, or may
 * have got it. What the server has refused for good is not queued: the caller
 * is told.
 */
#include "cli/queue-fallback.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "spool/account-hold.h"
#include "spool/account-key.h"
#include "submit/queue-program.h"

enum {
	RETRY_S = 60
};

static void keep(void *context, struct launcher *launcher);
static void load_wait(struct queue_fallback *queue);
static bool has_taken_part(const struct delivery *delivery);
static void release_account(struct queue_fallback *queue,
    struct launcher *launcher);
static size_t count_kept(const struct delivery *delivery,
    enum queue_tries tries);
static void mark_kept(struct delivery *delivery, enum queue_tries tries);
static void suggest_decision(struct error *err,
    const struct delivery *delivery);

void
queue_fallback_init(struct queue_fallback *queue, struct submission *submission)
{
	const struct account *account = submission->route.account;

	*queue = (struct queue_fallback){.submission = submission,
	    .spool = {.directory = -1},
	    .fallback = {.keep = keep,
		.context = queue,
		.starts_program = account_bool(account, SETTING_QUEUE_START),
		.patience_ms =
		    account_duration_ms(account, SETTING_QUEUE_AFTER)}};
	if (queue_add_check(submission, true, &queue->obstacle) == -1 ||
	    spool_open(&queue->spool, true, &queue->obstacle) == -1)
		return;
	queue->obstacle.code = ERROR_NONE;
	load_wait(queue);
	queue->fallback.directory = queue->spool.path;
	submission->delivery.fallback = &queue->fallback;
}

bool
queue_fallback_waits(const struct queue_fallback *queue)
{
	return queue->wait.code != ERROR_NONE;
}

void
queue_fallback_keep_all(struct queue_fallback *queue, enum queue_tries tries,
    const struct error *reason)
{
	struct delivery *delivery = &queue->submission->delivery;

	for (size_t i = 0; i < delivery->recipient_count; i++)
		delivery->recipient[i].outcome = *reason;
	if (queue->obstacle.code == ERROR_NONE)
		queue_fallback_keep(queue, tries, NULL);
}

/* A caller that is ended by a signal is told so, and nothing is sent without
 * it; but what the server may have is kept for the user to decide. */
void
queue_fallback_keep(struct queue_fallback *queue, enum queue_tries tries,
    struct launcher *launcher)
{
	struct delivery *delivery = &queue->submission->delivery;

	if (queue->account_waits && has_taken_part(delivery))
		release_account(queue, launcher);
	if (count_kept(delivery, tries) == 0 ||
	    (delivery->signal_number != 0 &&
		delivery_count(delivery, ERROR_AMBIGUOUS) == 0))
		return;
	if (queue_add(queue->submission, &queue->spool, tries,
		delivery->queue_id, &queue->obstacle) == -1)
		return;
	mark_kept(delivery, tries);
	if (!queue->fallback.starts_program ||
	    delivery_count(delivery, ERROR_QUEUED) == 0 ||
	    queue_program_start(launcher, &queue->problem) == 0)
		queue->problem.code = ERROR_NONE;
	else
		queue_program_explain(&queue->problem);
}

void
queue_fallback_report(const struct queue_fallback *queue,
    const struct report *report)
{
	const struct delivery *delivery = &queue->submission->delivery;
	struct error warning = queue->obstacle;

	if (report->quiet)
		return;
	if (queue->problem.code != ERROR_NONE)
		report_warning(report, &queue->problem);
	if (queue->obstacle.code == ERROR_NONE ||
	    count_kept(delivery, QUEUE_TRIED) == 0)
		return;
	error_prefix(&warning, "the message is not queued");
	report_warning(report, &warning);
}

void
queue_fallback_done(struct queue_fallback *queue)
{
	spool_close(&queue->spool);
	queue->submission->delivery.fallback = NULL;
}

static void
keep(void *context, struct launcher *launcher)
{
	queue_fallback_keep(context, QUEUE_TRIED, launcher);
}

static void
load_wait(struct queue_fallback *queue)
{
	const struct submission *submission = queue->submission;
	struct account_hold hold = {.since = 0};
	uint64_t now = (uint64_t)time(NULL);
	struct error ignored;
	char *account = account_key_new(submission->route.account->name,
	    submission->options->config_path, &ignored);

	if (account == NULL)
		return;
	queue->account_waits =
	    account_hold_load(&queue->spool, account, ACCOUNT_WAITS, &hold);
	if (queue->account_waits && hold.tried <= now &&
	    now < (hold.needs_user ? hold.next : hold.tried + RETRY_S)) {
		error_set(&queue->wait, ERROR_QUEUED, "%s",
		    hold.text[ACCOUNT_HOLD_REASON]);
		if (hold.text[ACCOUNT_HOLD_HINT] != NULL)
			error_hint(&queue->wait, "%s",
			    hold.text[ACCOUNT_HOLD_HINT]);
	}
	account_hold_done(&hold);
	free(account);
}

/* Whether a server has accepted the message, so that the account works. */
static bool
has_taken_part(const struct delivery *delivery)
{
	return delivery_count(delivery, ERROR_NONE) > 0;
}

/* What waits can be sent, too. */
static void
release_account(struct queue_fallback *queue, struct launcher *launcher)
{
	const struct submission *submission = queue->submission;
	struct error ignored;
	char *account = account_key_new(submission->route.account->name,
	    submission->options->config_path, &ignored);

	if (account != NULL &&
	    account_hold_remove(&queue->spool, account, ACCOUNT_WAITS,
		&ignored) == 1 &&
	    queue->fallback.starts_program)
		queue_program_start(launcher, &ignored);
	free(account);
	queue->account_waits = false;
}

static size_t
count_kept(const struct delivery *delivery, enum queue_tries tries)
{
	size_t count = 0;

	for (size_t i = 0; i < delivery->recipient_count; i++)
		count +=
		    queue_add_keeps(&delivery->recipient[i].outcome, tries);
	return count;
}

static void
mark_kept(struct delivery *delivery, enum queue_tries tries)
{
	for (size_t i = 0; i < delivery->recipient_count; i++) {
		struct error *outcome = &delivery->recipient[i].outcome;

		if (outcome->code == ERROR_AMBIGUOUS)
			suggest_decision(outcome, delivery);
		else if (queue_add_keeps(outcome, tries))
			outcome->code = ERROR_QUEUED;
	}
}

static void
suggest_decision(struct error *err, const struct delivery *delivery)
{
	const char *id = delivery->queue_id;
	char message_id[512];

	delivery_message_id(delivery, message_id, sizeof message_id);
	error_hint(err,
	    "postrider queue look %s looks for it among your sent mail, by "
	    "its Message-ID: %s; run postrider queue drop %s if it is there, "
	    "else postrider queue resend %s",
	    id, message_id, id, id);
}

/* SPDX-License-Identifier: MIT */
/*
 * Queues the recipients of a delivery that may still get the message, or may
 * have got it. What the server has refused for good is not queued: the caller
 * is told.
 */
#include "cli/queue-fallback.h"

#include <string.h>

#include "submit/queue-program.h"

static void keep(void *context, struct launcher *launcher);
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
	queue->fallback.directory = queue->spool.path;
	submission->delivery.fallback = &queue->fallback;
}

void
queue_fallback_keep_all(struct queue_fallback *queue,
    const struct error *reason)
{
	struct delivery *delivery = &queue->submission->delivery;

	for (size_t i = 0; i < delivery->recipient_count; i++)
		delivery->recipient[i].outcome = *reason;
	if (queue->obstacle.code == ERROR_NONE)
		keep(queue, NULL);
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

/* A caller that is ended by a signal is told so, and nothing is sent without
 * it; but what the server may have is kept for the user to decide. */
void
queue_fallback_keep(struct queue_fallback *queue, enum queue_tries tries,
    struct launcher *launcher)
{
	struct delivery *delivery = &queue->submission->delivery;

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
	    "look for it in your sent mail, with the header field Message-ID: "
	    "%s; then run postrider queue drop %s if it is there, or postrider "
	    "queue resend %s",
	    message_id, id, id);
}

/* SPDX-License-Identifier: MIT */
/*
 * Queues an SMTP client's message that can't be sent now. Where the server was
 * asked, the client gets its answer.
 */
#include "cli/serve-state.h"
#include "submit/queued-outcome.h"

static enum queue_tries serve_queue_tries(const struct serve *serve);

void
serve_queue_init(struct serve *serve)
{
	struct submission *submission = &serve->submission;

	serve->choice =
	    queue_choose(submission->options, submission->route.account);
	if (serve->choice == QUEUE_NEVER)
		return;
	queue_fallback_init(&serve->queue, submission);
	if (serve->choice == QUEUE_ONLY)
		serve->queue.fallback.starts_program = false;
	if (serve->queue.obstacle.code == ERROR_NONE)
		serve->held.attempt.fallback = &serve->queue.fallback;
	else
		transcript_note(&serve->observer.transcript,
		    "messages are not queued: %s",
		    serve->queue.obstacle.message);
}

bool
serve_queue_is_first(const struct serve *serve)
{
	return (serve->choice == QUEUE_ALWAYS || serve->choice == QUEUE_ONLY) &&
	    serve->queue.obstacle.code == ERROR_NONE;
}

/* A process that must fetch the credential again has not failed yet. */
bool
serve_queue_detach(struct serve *serve, const struct error *failure)
{
	if (serve->choice == QUEUE_NEVER ||
	    serve->queue.obstacle.code != ERROR_NONE ||
	    serve->relay.is_credential_old ||
	    (failure->code != ERROR_QUEUED &&
		!queued_outcome_may_wait(failure)))
		return false;
	serve->is_detached = true;
	relay_begin_without_server(&serve->relay, &serve->held,
	    &serve->submission.delivery, failure);
	return true;
}

bool
serve_queue_keeps(const struct serve *serve, const struct error *outcome)
{
	return serve->choice != QUEUE_NEVER &&
	    serve->queue.obstacle.code == ERROR_NONE &&
	    queue_add_keeps(outcome, serve_queue_tries(serve));
}

bool
serve_queue_message(struct serve *serve, struct error *outcome,
    struct server_reply *reply)
{
	const struct delivery *delivery = &serve->submission.delivery;

	if (!serve_queue_keeps(serve, outcome))
		return false;
	queue_fallback_keep(&serve->queue, serve_queue_tries(serve),
	    serve->held.attempt.launcher);
	if (delivery->queue_id[0] == '\0')
		return false;
	queue_fallback_report(&serve->queue, &serve->report);
	if (outcome->code == ERROR_AMBIGUOUS) { /* not sent by itself */
		*outcome = *delivery_worst(delivery);
		return false;
	}
	server_reply_set(reply, 250, "2.0.0", "queued as %s",
	    delivery->queue_id);
	return true;
}

void
serve_queue_release(struct serve *serve)
{
	if (serve->choice != QUEUE_NEVER &&
	    serve->queue.obstacle.code == ERROR_NONE)
		queue_fallback_keep(&serve->queue, QUEUE_RELAYED,
		    serve->held.attempt.launcher);
}

static enum queue_tries
serve_queue_tries(const struct serve *serve)
{
	return serve->is_detached && serve->relay.broken.code == ERROR_QUEUED
	    ? QUEUE_UNTRIED
	    : QUEUE_RELAYED;
}

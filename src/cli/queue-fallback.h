/* SPDX-License-Identifier: MIT */
#ifndef CLI_QUEUE_FALLBACK_H
#define CLI_QUEUE_FALLBACK_H

/* Queues what can't be sent now: queue = on-failure. */

#include "base/error.h"
#include "cli/queue-add.h"
#include "cli/submission.h"
#include "report/report.h"
#include "spool/spool.h"
#include "submit/fallback.h"

struct queue_fallback {
	struct submission *submission;
	struct spool spool;
	struct fallback fallback;
	struct error obstacle; /* why nothing is queued, or ERROR_NONE */
	bool account_waits;    /* after a failure */
	struct error wait;     /* why that is not tried now, or ERROR_NONE */
	struct error problem;  /* the queue is not sent yet, or ERROR_NONE */
};

/*
 * Opens the queue for a message that is complete, before there is a sandbox,
 * and makes it the fallback of the submission's delivery. Can't fail: obstacle
 * says why the message will not be queued. Must not be moved.
 */
void queue_fallback_init(struct queue_fallback *queue,
    struct submission *submission);

/*
 * Whether the account waits after a failure, so that another try is not worth
 * the time: for a minute, or until the user has done something. wait has the
 * reason then.
 */
bool queue_fallback_waits(const struct queue_fallback *queue);

/* Queues a message for which there is not even a server, or which is not tried
 * now for that reason. */
void queue_fallback_keep_all(struct queue_fallback *queue,
    enum queue_tries tries, const struct error *reason);

/*
 * Queues what can be of the delivery, sets its outcomes and queue_id, and
 * starts the program that sends it. launcher as fallback.keep. After a failure,
 * obstacle is set.
 */
void queue_fallback_keep(struct queue_fallback *queue, enum queue_tries tries,
    struct launcher *launcher);

/* After the outcome: warns of a message that could not be queued, or that
 * nothing sends. */
void queue_fallback_report(const struct queue_fallback *queue,
    const struct report *report);

void queue_fallback_done(struct queue_fallback *queue);

#endif

/* SPDX-License-Identifier: MIT */
#ifndef CLI_QUEUE_ADD_H
#define CLI_QUEUE_ADD_H

/* Puts a message that is complete into the queue. */

#include <stdbool.h>

#include "base/error.h"
#include "cli/submission.h"
#include "spool/spool.h"

/*
 * Whether the queue can send the message: it must come from an account of the
 * configuration, as it is there, because options would be lost; those of an
 * attempt (timeout, retries) only if that was made. ERROR_USAGE, ERROR_CONFIG,
 * with a hint.
 */
int queue_add_check(const struct submission *submission, bool was_tried,
    struct error *err);

/* What has been tried, so which recipients are queued: */
enum queue_tries {
	QUEUE_UNTRIED, /* all */
	QUEUE_TRIED,   /* that may wait, or with an ambiguous outcome */
	QUEUE_RELAYED  /* the same, but not those that the server has refused,
			  even for now: the client of -bs has been told */
};

/* Whether a recipient with this outcome is queued. */
bool queue_add_keeps(const struct error *outcome, enum queue_tries tries);

/*
 * Adds the message to a spool that is open, and sets the ID. If it was tried,
 * it is tried again later. Nothing is added on failure: errors of spool_add,
 * ERROR_IO, ERROR_SYSTEM.
 */
int queue_add(const struct submission *submission, struct spool *spool,
    enum queue_tries tries, char id[SPOOL_ID_SIZE], struct error *err);

#endif

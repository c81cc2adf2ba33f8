/* SPDX-License-Identifier: MIT */
#ifndef QUEUE_QUEUE_H
#define QUEUE_QUEUE_H

/* Sending the messages of the queue. */

#include <stdbool.h>

#include "base/error.h"
#include "report/report-options.h"
#include "spool/spool.h"

struct queue {
	struct spool spool;
	struct report_options report;
	bool is_flush; /* tries all that waits now, not only what is due */
};

/*
 * Sends all that is due, or all that waits, once. Returns the exit status; -1
 * with an error: ERROR_TEMPORARY if another process is sending the queue.
 */
int queue_run(struct queue *queue, struct error *err);

#endif

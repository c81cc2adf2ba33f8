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
	bool as_json; /* the result of a run; report.json: of a message */
};

/*
 * Tries once all that waits, whenever it is due, while the user waits. Has a
 * process in the background end first, and starts another one if something
 * still waits. Returns the exit status: 0 if nothing that it tried is left,
 * else that of the most serious failure, 128 plus the number of a signal that
 * ended it; -1 with an error: ERROR_TEMPORARY if another user waits for a run.
 */
int queue_run(struct queue *queue, struct error *err);

/*
 * Sends in the background what is due, and waits for what will be, until
 * nothing waits that can be tried, or all of it for longer than an hour and
 * something else wakes it then. Returns 0, also if there is such a process
 * already; 128 plus the number of a signal; -1 with an error.
 */
int queue_start(struct queue *queue, struct error *err);

#endif

/* SPDX-License-Identifier: MIT */
#ifndef CLI_QUEUE_UNITS_H
#define CLI_QUEUE_UNITS_H

/* The texts by which systemd or cron start the program that sends the queue. */

#include "base/buf.h"
#include "base/error.h"

/* The first line of each unit; a file with another one is not ours. */
#define QUEUE_UNITS_MARK "# Written by \"postrider queue install\""

/* Adds the text of a unit; name is one of submit/queue-timer.h, program an
 * absolute path. ERROR_CONFIG: a path has a control character. */
int queue_units_add(struct buf *out, const char *name, const char *program,
    struct error *err);

/* Adds the line for a crontab, without the end of the line. Errors as above. */
int queue_units_add_cron(struct buf *out, const char *program,
    struct error *err);

#endif

/* SPDX-License-Identifier: MIT */
#ifndef CLI_QUEUE_H
#define CLI_QUEUE_H

/* What "postrider queue" and sendmail's -bp and -q do with the queue. */

#include <stddef.h>

#include "base/error.h"
#include "cli/options.h"
#include "spool/spool.h"

/* One run of a command. */
struct queue {
	const struct options *options;
	struct spool spool;
	const char *id; /* the argument: of hold and release also an account, or
			   NULL for all */
};

/* Returns the exit status, or -1 with an error. */
typedef int queue_function(struct queue *queue, struct error *err);

queue_function queue_list; /* in the layout of Postfix's mailq, or as JSON */
queue_function queue_show; /* one message: its state, then its text */
queue_function queue_run;  /* sends all that is due */
queue_function queue_drop;
queue_function queue_resend;  /* what is unknown or refused waits again */
queue_function queue_look;    /* whether what is unknown has arrived */
queue_function queue_hold;    /* keeps a message, an account or all */
queue_function queue_release; /* sends them again */
queue_function queue_stop;    /* ends what sends in the background */
queue_function queue_install; /* has a timer start it; needs no open queue */

/* For completions: the name and the purpose of a subcommand; NULL after the
 * last. */
const char *queue_subcommand(size_t index, const char **ret_help);

/* Opens the queue, calls run, and reports its failure. Returns the exit status.
 */
int queue_command(const struct options *options, queue_function *run);

#endif

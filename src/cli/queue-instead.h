/* SPDX-License-Identifier: MIT */
#ifndef CLI_QUEUE_INSTEAD_H
#define CLI_QUEUE_INSTEAD_H

/* Queues a message of the command line instead of sending it: -odq and the
 * setting queue = always. */

#include <stdbool.h>

#include "cli/queue-choice.h"
#include "cli/submission.h"
#include "report/report.h"

/*
 * Queues the message and reports that; returns whether that is all. With
 * QUEUE_ALWAYS, the program that sends it is started; if the message can't be
 * queued, that is noted under -v, and it is to be sent instead. *ret_status is
 * the exit status.
 */
bool queue_instead(struct submission *submission, enum queue_choice choice,
    struct report *report, int *ret_status);

#endif

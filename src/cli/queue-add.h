/* SPDX-License-Identifier: MIT */
#ifndef CLI_QUEUE_ADD_H
#define CLI_QUEUE_ADD_H

#include "report/report.h"
#include "cli/submission.h"

/*
 * Puts a message that is complete into the queue and reports that. It must come
 * from an account of the configuration, as it is there: options that override
 * its settings would be lost. Returns the exit status.
 */
int queue_add(struct submission *submission, struct report *report);

#endif

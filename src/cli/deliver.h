/* SPDX-License-Identifier: MIT */
#ifndef CLI_DELIVER_H
#define CLI_DELIVER_H

/* Sending a prepared submission, as often as it takes. */

#include "cli/report.h"
#include "cli/submission.h"

/*
 * Sends the message and fills in every recipient's outcome. What failed for the
 * time being is tried again for those recipients alone, after a delay that
 * doubles, while tries and the deadline last.
 */
void deliver(struct submission *submission, struct report *report);

#endif

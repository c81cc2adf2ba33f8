/* SPDX-License-Identifier: MIT */
#ifndef CLI_DRY_RUN_H
#define CLI_DRY_RUN_H

/* The option --dry-run. */

#include "report/report.h"
#include "cli/submission.h"

/* Prints account, envelope and message on standard output; returns the exit
 * status. */
int dry_run(struct submission *submission, const struct report *report);

#endif

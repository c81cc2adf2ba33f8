/* SPDX-License-Identifier: MIT */
#ifndef CLI_LOG_H
#define CLI_LOG_H

/*
 * The log, where the account asks for one (log-file, syslog): a line for each
 * submission, key=value. Without one nothing is done. A log that can't be
 * written is an error to be shown, but never fails a submission.
 */

#include "base/error.h"
#include "cli/submission.h"

/* Logs that a try failed and another follows. ERROR_CREATE, ERROR_IO. */
int log_retry(const struct submission *submission, const struct error *cause,
    struct error *err);

/* Logs what became of the message. ERROR_CREATE, ERROR_IO. */
int log_outcome(const struct submission *submission, struct error *err);

#endif

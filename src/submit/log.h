/* SPDX-License-Identifier: MIT */
#ifndef SUBMIT_LOG_H
#define SUBMIT_LOG_H

/*
 * The log of an account with the setting log-file or syslog: a line of
 * key=value pairs for each try and outcome. An error does not mean that the
 * message was not sent.
 */

#include "base/error.h"
#include "submit/delivery.h"

/* Logs that a try failed and that another follows. ERROR_CREATE, ERROR_IO. */
int log_retry(const struct delivery *delivery, const struct error *failure,
    struct error *err);

/* Logs the outcome of the delivery. ERROR_CREATE, ERROR_IO. */
int log_outcome(const struct delivery *delivery, struct error *err);

/* Logs that a message was not sent to any recipient, for a cause that is not
 * the outcome of one. ERROR_CREATE, ERROR_IO. */
int log_failure(const struct delivery *delivery, const struct error *failure,
    struct error *err);

#endif

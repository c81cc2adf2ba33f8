/* SPDX-License-Identifier: MIT */
#ifndef SUBMIT_LOG_PLACE_H
#define SUBMIT_LOG_PLACE_H

/* Where the lines of the log go: to a file, the system log, or both. */

#include "base/error.h"
#include "config/account.h"

/* Connects to the system log if the account uses it: a sandbox does not permit
 * that later. */
void log_place_open(const struct account *account);

/* Writes the line. priority is for syslog(3). ERROR_CREATE, ERROR_IO,
 * ERROR_SYSTEM. */
int log_place_write(const struct account *account, int priority,
    const char *text, struct error *err);

#endif

/* SPDX-License-Identifier: MIT */
#ifndef SUBMIT_QUEUED_ROUTE_H
#define SUBMIT_QUEUED_ROUTE_H

/* The account of a queued message. */

#include <stdbool.h>

#include "base/error.h"
#include "config/settings.h"
#include "submit/route.h"

/* Loads the configuration that the account's key names (spool/account-key.h),
 * and resolves the account. Errors of route_load and route_resolve. */
int queued_route_resolve(struct route *route, const char *account_key,
    const struct settings *flags, struct error *err);

/* Whether the program that sends the queue is to be started for messages of the
 * account (queue-start); not if that is not in the configuration. */
bool queued_route_starts_queue(const char *account_key);

#endif

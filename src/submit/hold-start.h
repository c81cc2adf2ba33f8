/* SPDX-License-Identifier: MIT */
#ifndef SUBMIT_HOLD_START_H
#define SUBMIT_HOLD_START_H

/* Finds the process that holds a session, or starts it. */

#include "submit/route.h"

/* Returns a socket that is connected to the process. -1: there is none, and
 * none can be started; ERROR_SYSTEM, ERROR_CREATE, ERROR_CONFIG and others. */
int hold_start(const struct route *route, int64_t deadline_ms,
    struct error *err);

#endif

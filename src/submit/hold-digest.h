/* SPDX-License-Identifier: MIT */
#ifndef SUBMIT_HOLD_DIGEST_H
#define SUBMIT_HOLD_DIGEST_H

/* Tells sessions apart that must not be shared. */

#include "base/error.h"
#include "submit/route.h"
#include "tls/digest.h"

/*
 * Writes a digest of all that a session for the route depends on: every setting
 * of the account and of its provider, the configuration file, the variables of
 * the environment that a credential may come from, and the programs.
 * ERROR_SYSTEM, ERROR_CONFIG.
 */
int hold_digest(const struct route *route, char out[DIGEST_SIZE],
    struct error *err);

#endif

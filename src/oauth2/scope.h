/* SPDX-License-Identifier: MIT */
#ifndef OAUTH2_SCOPE_H
#define OAUTH2_SCOPE_H

/* Compares the granted scope with the requested one (RFC 6749 3.3). */

#include "base/error.h"
#include "config/account.h"
#include "oauth2/token.h"

/*
 * ERROR_AUTH, with the scope value in the message, if tokens were granted
 * without a requested one. Values that servers grant without listing them, such
 * as "offline_access", may be absent.
 */
int scope_check(const struct account *account, const struct tokens *tokens,
    struct error *err);

#endif

/* SPDX-License-Identifier: MIT */
#ifndef OAUTH2_ENDPOINT_HINT_H
#define OAUTH2_ENDPOINT_HINT_H

/*
 * What the errors of OAuth2 endpoints mean, and what to do. Advice only: what
 * is to be done next is decided by the error's code in RFC 6749 5.2.
 */

#include "base/error.h"

/*
 * Adds a hint to err: by the AADSTS number that stands somewhere in its
 * message, else by error, the code of RFC 6749, 8628 or OpenID, or NULL.
 * account, for "postrider login ...", is its name or address. Without advice
 * the hint stays as it is. Always returns -1.
 */
int endpoint_hint_add(struct error *err, const char *error,
    const char *account);

#endif

/* SPDX-License-Identifier: MIT */
#ifndef CONFIG_ENDPOINT_HINT_H
#define CONFIG_ENDPOINT_HINT_H

/*
 * Hints for the errors of OAuth2 endpoints. They advise a person; the program
 * decides by the error codes of RFC 6749 5.2 alone.
 */

#include "base/error.h"

/*
 * Adds a hint to err: by the AADSTS number in its message, else by error, a
 * code of RFC 6749, RFC 8628 or OpenID, or NULL. account, for "postrider login
 * ...", is its name or address. Leaves the hint unchanged if there is no
 * advice. Always returns -1.
 */
int endpoint_hint_add(struct error *err, const char *error,
    const char *account);

#endif

/* SPDX-License-Identifier: MIT */
#ifndef OAUTH2_SCOPE_H
#define OAUTH2_SCOPE_H

/* Whether what was granted is what was asked for (RFC 6749 3.3). */

#include "base/error.h"
#include "config/account.h"
#include "oauth2/token.h"

/* ERROR_AUTH names the word that is missing. Words that servers don't list
 * although they grant them ("offline_access" and the like) may be. */
int scope_check(const struct account *account, const struct tokens *tokens,
    struct error *err);

#endif

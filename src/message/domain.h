/* SPDX-License-Identifier: MIT */
#ifndef MESSAGE_DOMAIN_H
#define MESSAGE_DOMAIN_H

/*
 * Converts domain names to the form that SMTP requires.
 */

#include <stdbool.h>

#include "base/error.h"

/*
 * Returns the domain with A-labels (IDNA2008, UTS 46 non-transitional) and
 * without a trailing dot. A domain literal is returned unchanged. NULL on
 * failure: ERROR_DATA if it is not a domain name. The caller frees.
 */
char *domain_to_ascii(const char *domain, struct error *err);

/*
 * Returns whether a name is known only locally, such as "box" or "box.lan". An
 * address in brackets is not.
 */
bool domain_is_local(const char *domain);

#endif

/* SPDX-License-Identifier: MIT */
#ifndef OAUTH2_FORM_SECRETS_H
#define OAUTH2_FORM_SECRETS_H

/*
 * Finds our secrets in text from a server. Servers quote requests in their
 * errors, and an error that is shown must not contain a secret.
 */

#include <stdbool.h>

#include "base/secret.h"

/*
 * Whether text contains a secret value of the form, either decoded or as it was
 * sent. Returns true if that cannot be determined.
 */
bool form_secrets_found_in(const char *text, const struct secret *form);

#endif

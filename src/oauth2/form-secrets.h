/* SPDX-License-Identifier: MIT */
#ifndef OAUTH2_FORM_SECRETS_H
#define OAUTH2_FORM_SECRETS_H

/*
 * Servers quote in their errors what they were sent. What is shown of an error
 * must hold none of our secrets.
 */

#include <stdbool.h>

#include "base/secret.h"

/*
 * Whether a text of the server's holds a secret of the form (https/form.h),
 * decoded or as it was sent. Also when that can't be told.
 */
bool form_secrets_found_in(const char *text, const struct secret *form);

#endif

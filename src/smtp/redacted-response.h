/* SPDX-License-Identifier: MIT */
#ifndef SMTP_REDACTED_RESPONSE_H
#define SMTP_REDACTED_RESPONSE_H

/* Which parts of a SASL response must not be shown. */

#include "base/redaction.h"
#include "base/secret.h"

/*
 * Adds a response (base64) and those parts of what it encodes that may be
 * proofs or secrets. user (or NULL) is no secret; nor are short parts, such as
 * host and realm.
 */
void redacted_response_add(struct redaction *redaction,
    const struct secret *response, const char *user);

#endif

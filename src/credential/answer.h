/* SPDX-License-Identifier: MIT */
#ifndef CREDENTIAL_ANSWER_H
#define CREDENTIAL_ANSWER_H

/*
 * Finds a value in an answer of postrider-credential. For the keys below, which
 * struct credential_message doesn't contain; none of the values is secret.
 */

#include <stddef.h>
#include <stdint.h>

#include "base/secret.h"

#define ANSWER_PASSWORD_EXPIRY "password_expiry_utc" /* git-credential(1) */
#define ANSWER_KIND "kind"
#define ANSWER_REFRESHABLE "refreshable"
#define ANSWER_REFUSAL "refusal"

/* Copies the value of the last line "key=value", made printable and truncated
 * to size; "" if there is none. */
void answer_text(const struct secret *answer, const char *key, char *out,
    size_t size);

/* Returns the value as seconds since 1970; 0 if it is missing or invalid. */
int64_t answer_moment(const struct secret *answer, const char *key);

#endif

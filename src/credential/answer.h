/* SPDX-License-Identifier: MIT */
#ifndef CREDENTIAL_ANSWER_H
#define CREDENTIAL_ANSWER_H

/*
 * Looking one value up in an answer of postrider-credential: what isn't part of
 * every message of git's credential protocol. None of these is secret.
 */

#include <stddef.h>
#include <stdint.h>

#include "base/secret.h"

#define ANSWER_PASSWORD_EXPIRY "password_expiry_utc" /* git-credential(1) */
#define ANSWER_KIND "kind"
#define ANSWER_REFRESHABLE "refreshable"
#define ANSWER_REFUSAL "refusal"

/* Copies the value of the last line "key=value", made printable and cut to
 * size; "" when there is none. */
void answer_text(const struct secret *answer, const char *key, char *out,
    size_t size);

/* The same as a moment, seconds since 1970; 0 when it is none, or missing. */
int64_t answer_moment(const struct secret *answer, const char *key);

#endif

/* SPDX-License-Identifier: MIT */
#ifndef KEEPER_TOKEN_ENTRY_H
#define KEEPER_TOKEN_ENTRY_H

/*
 * Tokens as the vault keeps them: a message of git's protocol with the access
 * token as password, its expiry, and the refresh token. Answers questions of
 * time; stores nothing.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/secret.h"
#include "credential/credential-message.h"

/*
 * Whether its access token needs no renewal: it lasts longer than the margin,
 * or than half its life where that is shorter. A token from the future, when
 * the clock was set back, is not fresh.
 */
bool token_entry_is_fresh(const struct credential_message *entry,
    int64_t margin_ms);

/* Whether it has an access token that lasts that long from now. */
bool token_entry_lasts(const struct credential_message *entry,
    int64_t needed_ms);

/* The lifetime of its access token; 0: unknown. */
int64_t token_entry_lifetime_s(const struct credential_message *entry);

/*
 * Takes the tokens of an answer of postrider-oauth2, and what it says of them,
 * in place of earlier ones. A refresh token that the answer doesn't replace
 * stays.
 */
void token_entry_update(struct credential_message *entry,
    struct credential_message *answer);

/* Whether its access token is this one. */
bool token_entry_has_token(const struct credential_message *entry,
    const struct secret *token);

/* The same for its refresh token. */
bool token_entry_has_refresh_token(const struct credential_message *entry,
    const struct secret *token);

/* Removes the access token. */
void token_entry_drop_token(struct credential_message *entry);

#endif

/* SPDX-License-Identifier: MIT */
#ifndef KEEPER_ENTRY_H
#define KEEPER_ENTRY_H

/*
 * Tokens as they are kept: a message of git's protocol with the access token as
 * password, its expiry, and the refresh token. Questions of time; no storage.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/secret.h"
#include "credential/codec.h"
#include "oauth2/token.h"

/*
 * Whether its access token needs no renewal: it lasts longer than the margin,
 * or than half its life where that is shorter. A token from the future, when
 * the clock was set back, is not fresh.
 */
bool entry_is_fresh(const struct credential_message *entry, int64_t margin_ms);

/* Whether it has an access token that lasts so long. */
bool entry_lasts(const struct credential_message *entry, int64_t needed_ms);

/* How long its access token lives, in all; 0: not known. */
int64_t entry_lifetime_s(const struct credential_message *entry);

/* Puts new tokens in at that moment (seconds since 1970); a refresh token that
 * isn't replaced stays. Takes out of tokens what it keeps. */
int entry_set_tokens(struct credential_message *entry, struct tokens *tokens,
    int64_t now, struct error *err);

/* Whether its access token is this one. */
bool entry_has_token(const struct credential_message *entry,
    const struct secret *token);

/* Forgets the access token. */
void entry_drop_token(struct credential_message *entry);

#endif

/* SPDX-License-Identifier: MIT */
#ifndef KEEPER_ACCESS_TOKEN_H
#define KEEPER_ACCESS_TOKEN_H

/*
 * An access token that is valid for a while: the stored one, else a new one,
 * which one process at a time gets. Many refresh tokens work only once, and the
 * server ends the sign-in if one comes twice. So: lock, look again, ask only if
 * the token is still stale, store the new pair, unlock.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "credential/credential-message.h"
#include "keeper/selected-account.h"

/*
 * Finds or gets a token for the selected account that is valid for min_valid_ms
 * from now on, or for the account's margin, whichever is longer; 0 means the
 * margin alone. Calls on_wait before a step that takes long. Within the margin,
 * a stored token that can't be renewed now serves until shortly before it
 * expires.
 *
 * *ret_entry, which the caller ends with credential_message_done, has the token
 * and its expiry. ERROR_AUTH if a person must sign in (again); otherwise the
 * errors of the vault, of keeper/oauth2-program.h and of
 * keeper/client-secret.h.
 */
int access_token_get(const struct selected_account *selected,
    int64_t min_valid_ms, void (*on_wait)(void),
    struct credential_message *ret_entry, struct error *err);

/*
 * Whether err, a failure of the vault, doesn't matter: an application can get a
 * token at any time, so without a keyring, as on a build machine, the token is
 * just not stored.
 */
bool access_token_needs_no_vault(const struct selected_account *selected,
    const struct error *err);

/*
 * Loads the account's token entry as vault_load does. Tokens of another client
 * or of another server are treated as missing.
 */
int access_token_load(const struct selected_account *selected,
    struct credential_message *ret_entry, struct error *err);

/* Erases the access token if it is this one, so that the next is a new one; the
 * refresh token stays. Calls on_wait before waiting for another process. */
int access_token_refuse(const struct selected_account *selected,
    const struct secret *token, void (*on_wait)(void), struct error *err);

#endif

/* SPDX-License-Identifier: MIT */
#ifndef KEEPER_ACCESS_TOKEN_H
#define KEEPER_ACCESS_TOKEN_H

/*
 * An access token that is good for a while: the one that is kept, else a new
 * one, got by one process at a time. Refresh tokens are often good for one use
 * only; whoever uses one twice is signed out by the server. So: lock, look
 * again, ask only if the token is still stale, keep the new pair, unlock.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "credential/codec.h"
#include "keeper/selected-account.h"

/*
 * Finds or gets a token for the subject's account that is valid for
 * min_valid_ms from now on, or for the account's margin, whichever is longer; 0
 * is the margin alone. on_wait is called before it takes long. A token that is
 * found costs no request. Within the margin, one that can't be renewed now will
 * do until its last moments.
 *
 * *ret_entry, which the caller ends, has the token and its expiry. ERROR_AUTH
 * says that a person must sign in (again); otherwise the errors of the vault,
 * of oauth2/token.h and of keeper/client-secret.h.
 */
int access_token_get(const struct selected_account *selected,
    int64_t min_valid_ms, void (*on_wait)(void),
    struct credential_message *ret_entry, struct error *err);

/*
 * Whether err, a failure of the vault, doesn't matter: an application gets a
 * token any time, so where there is no keyring, as on a build machine, it just
 * isn't kept.
 */
bool access_token_needs_no_vault(const struct selected_account *selected,
    const struct error *err);

/*
 * Loads what is kept of the account's sign-in, as vault_load does. What another
 * client or another server was given is of no use, and counts as nothing.
 */
int access_token_load(const struct selected_account *selected,
    struct credential_message *ret_entry, struct error *err);

/* Forgets the access token if it is this one, so that the next is a new one;
 * the refresh token stays. on_wait is called before another process is waited
 * for. */
int access_token_refuse(const struct selected_account *selected,
    const struct secret *token, void (*on_wait)(void), struct error *err);

#endif

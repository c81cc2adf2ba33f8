/* SPDX-License-Identifier: MIT */
#ifndef KEEPER_RENEWAL_H
#define KEEPER_RENEWAL_H

/*
 * New tokens in the place of those of an entry.
 */

#include <stdbool.h>

#include "base/error.h"
#include "credential/credential-message.h"
#include "keeper/selected-account.h"

/*
 * Gets tokens for an entry of the selected account, with its refresh token
 * unless an application signs in. With is_kept, stores them, and the caller
 * holds the entry's lock: the store must prove first that it can be written,
 * else nothing is requested; if it fails nevertheless, later attempts follow,
 * and if all fail, a warning does (credential_exit_warn). No signal interrupts
 * it between the request and the storing.
 *
 * ERROR_AUTH if the server no longer accepts the refresh token; the stored
 * entry says so from then on. If it has been replaced meanwhile, it stays, and
 * *ret_replaced becomes true: the caller should load it. Otherwise the errors
 * of the vault, of keeper/oauth2-program.h and of keeper/client-secret.h. On
 * failure the entry is unchanged.
 */
int renewal_obtain(const struct selected_account *selected, bool is_kept,
    struct credential_message *entry, bool *ret_replaced, struct error *err);

#endif

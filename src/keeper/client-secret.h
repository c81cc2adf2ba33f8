/* SPDX-License-Identifier: MIT */
#ifndef KEEPER_CLIENT_SECRET_H
#define KEEPER_CLIENT_SECRET_H

/*
 * The secret of an OAuth2 client, from where the setting client-secret says, or
 * from the vault. The vault has it by the host of the token endpoint and the
 * client ID, so that all accounts of one client share it. The token endpoint is
 * the provider's, else that of the account's token entry, which may be NULL,
 * else postrider-oauth2 finds it.
 */

#include <stdbool.h>

#include "base/error.h"
#include "base/secret.h"
#include "credential/credential-message.h"
#include "keeper/selected-account.h"

/* Whether the account's client has a secret. */
bool client_secret_is_wanted(const struct account *account);

/* Whether the vault has it: then a person can be asked for it. */
bool client_secret_is_kept(const struct account *account);

/*
 * Finds the secret. *ret_secret (the caller frees) is NULL if the client needs
 * none. ERROR_AUTH if it needs one and there is none; otherwise the errors of
 * the vault, of credential/credential.h and of keeper/oauth2-program.h.
 */
int client_secret_find(const struct selected_account *selected,
    const struct credential_message *entry, struct secret **ret_secret,
    struct error *err);

/*
 * Asks a person for the secret, on the terminal. *ret_secret (the caller frees)
 * is NULL if the person typed nothing, which is offered if has_one. Errors as
 * terminal_ask (credential/terminal.h).
 */
int client_secret_ask(const struct account *account, bool has_one,
    struct secret **ret_secret, struct error *err);

/* Stores the secret in the vault, or erases it there. */
int client_secret_keep(const struct selected_account *selected,
    const struct credential_message *entry, const struct secret *secret,
    struct error *err);
int client_secret_forget(const struct selected_account *selected,
    const struct credential_message *entry, struct error *err);

#endif

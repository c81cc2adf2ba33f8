/* SPDX-License-Identifier: MIT */
#ifndef KEEPER_CLIENT_SECRET_H
#define KEEPER_CLIENT_SECRET_H

/*
 * The secret of an OAuth2 client: where "client-secret" says that it is, or in
 * the vault, by the token endpoint's host and the client's id, so that all
 * accounts of one client share it.
 */

#include <stdbool.h>

#include "base/error.h"
#include "base/secret.h"
#include "config/account.h"
#include "oauth2/endpoints.h"
#include "vault/vault.h"

/* Whether the account's client has one. */
bool client_secret_is_wanted(const struct account *account);

/* Whether it is the vault that has it: then a person can be asked for it. */
bool client_secret_is_kept(const struct account *account);

/*
 * Finds it. *ret_secret (the caller frees) is NULL when the client has none.
 * ERROR_AUTH when there should be one; the vault's errors; those of
 * credential/client.h.
 */
int client_secret_find(const struct account *account,
    const struct endpoints *endpoints, struct vault *vault,
    struct secret **ret_secret, struct error *err);

/*
 * Asks a person for it, on the terminal. *ret_secret (the caller frees) is NULL
 * when nothing is typed, which is offered when there is one already. Errors as
 * terminal_ask (credential/terminal.h).
 */
int client_secret_ask(const struct account *account, bool has_one,
    struct secret **ret_secret, struct error *err);

/* Keeps it in the vault, or forgets it there. */
int client_secret_keep(const struct account *account,
    const struct endpoints *endpoints, struct vault *vault,
    const struct secret *secret, struct error *err);
int client_secret_forget(const struct account *account,
    const struct endpoints *endpoints, struct vault *vault, struct error *err);

#endif

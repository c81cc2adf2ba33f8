/* SPDX-License-Identifier: MIT */
#ifndef CONFIG_TOKEN_SERVER_H
#define CONFIG_TOKEN_SERVER_H

/*
 * The server that issues an account's OAuth2 tokens, as configured.
 * oauth2/endpoints.h gets missing URLs from the issuer.
 */

#include <stdbool.h>

#include "base/error.h"
#include "config/account.h"

struct token_server {
	char *issuer;    /* or NULL */
	char *token_url; /* or NULL */
};

/* ERROR_CONFIG if the account has no provider, or lacks a tenant that a URL
 * needs. Call token_server_done even on failure. */
int token_server_init(struct token_server *server,
    const struct account *account, struct error *err);

void token_server_done(struct token_server *server);

/*
 * Whether tokens from this issuer and token endpoint, each of which may be
 * NULL, were issued by this server. Tokens of other servers must not be sent to
 * it.
 */
bool token_server_issued(const struct token_server *server, const char *issuer,
    const char *token_url);

/*
 * Copies a URL of the account's provider, with {tenant} replaced; the caller
 * frees it. *ret_url is unchanged if the provider has no such URL. ERROR_CONFIG
 * if the tenant isn't set.
 */
int token_server_url(const struct account *account, enum provider_field field,
    char **ret_url, struct error *err);

#endif

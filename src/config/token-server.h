/* SPDX-License-Identifier: MIT */
#ifndef CONFIG_TOKEN_SERVER_H
#define CONFIG_TOKEN_SERVER_H

/*
 * The server that gives an account's OAuth2 tokens, as far as the configuration
 * names it. oauth2/endpoints.h asks the issuer for what is missing.
 */

#include <stdbool.h>

#include "base/error.h"
#include "config/account.h"

struct token_server {
	char *issuer;    /* or NULL */
	char *token_url; /* or NULL */
};

/* ERROR_CONFIG if the account has no provider, or lacks a tenant that a URL
 * needs. Call token_server_done in any case. */
int token_server_init(struct token_server *server,
    const struct account *account, struct error *err);

void token_server_done(struct token_server *server);

/*
 * Whether tokens that came from this issuer and token endpoint, either of which
 * may be NULL, came from this server. Those of another server must not be sent
 * to it.
 */
bool token_server_issued(const struct token_server *server, const char *issuer,
    const char *token_url);

/*
 * Copies a URL of the account's provider with the tenant filled in; the caller
 * frees it. *ret_url stays as it is if the provider has no such URL.
 * ERROR_CONFIG if the tenant is missing.
 */
int token_server_url(const struct account *account, enum provider_field field,
    char **ret_url, struct error *err);

#endif

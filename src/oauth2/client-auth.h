/* SPDX-License-Identifier: MIT */
#ifndef OAUTH2_CLIENT_AUTH_H
#define OAUTH2_CLIENT_AUTH_H

/* Authenticates the client to an endpoint (RFC 6749 2.3). */

#include "base/error.h"
#include "base/secret.h"
#include "oauth2/token.h"

/*
 * Adds the client's authentication to form: a signed assertion if the account
 * has a key (RFC 7523), else the client secret, else only the client ID. If the
 * server accepts secrets only in a header field, *ret_authorization is set to
 * the value of the Authorization field, else to NULL; the caller frees it.
 * ERROR_CONFIG without a client ID or with a key that cannot sign.
 */
int client_auth_add(const struct token_client *client, struct secret *form,
    struct secret **ret_authorization, struct error *err);

#endif

/* SPDX-License-Identifier: MIT */
#ifndef OAUTH2_CLIENT_AUTH_H
#define OAUTH2_CLIENT_AUTH_H

/* How a client proves to an endpoint who it is (RFC 6749 2.3). */

#include "base/error.h"
#include "base/secret.h"
#include "oauth2/token.h"

/*
 * Adds to a form what proves it: a signed assertion where the account has a key
 * (RFC 7523), else the client secret, else the client's id alone. Where the
 * server takes secrets in a header only, *ret_authorization is its content,
 * else NULL; the caller frees. ERROR_CONFIG without a client id, or with a key
 * that can't sign.
 */
int client_auth_add(const struct token_client *client, struct secret *form,
    struct secret **ret_authorization, struct error *err);

#endif

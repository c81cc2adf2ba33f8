/* SPDX-License-Identifier: MIT */
#ifndef OAUTH2_TOKEN_H
#define OAUTH2_TOKEN_H

/*
 * Sends authenticated requests to the token endpoint (RFC 6749 3.2) and to the
 * other endpoints of the authorization server, and reads their responses.
 */

#include <stdint.h>

#include "base/error.h"
#include "base/secret.h"
#include "config/account.h"
#include "config/endpoint-failure.h"
#include "https/json-document.h"
#include "oauth2/endpoints.h"

enum {
	TOKEN_ERROR_SIZE = 64,
	/* Used if "expires_in" is missing. If the server refuses the token
	   earlier, it is renewed then. */
	TOKEN_LIFETIME_S = 3600
};

/* The client of a request. All members are borrowed. */
struct token_client {
	const struct account *account;
	struct endpoints *endpoints;
	const struct secret *client_secret; /* or NULL */
	int64_t deadline_ms;
	enum endpoint_step at; /* for hints; the grants set it */
};

struct tokens {
	struct secret *access;
	struct secret *refresh; /* NULL: the previous one remains valid */
	int64_t lifetime_s;     /* of the access token */
	char *scope;            /* granted; NULL: as requested */
};

/* Wipes and frees the members. Accepts a zeroed struct. */
void tokens_done(struct tokens *tokens);

/*
 * Adds the client's authentication to the form of a grant (RFC 6749 2.3, RFC
 * 7523 2.2), sends it to the token endpoint and reads the tokens from the
 * response. No error message contains a secret of the form, even if the server
 * repeats it.
 *
 * On failure, ret_error is the server's error code (RFC 6749 5.2, RFC 8628 3.5)
 * or "". ERROR_AUTH, with a hint, if the server refuses; ERROR_TEMPORARY if it
 * is unavailable or its response is invalid; otherwise the errors of
 * https/http.h.
 */
int token_request(const struct token_client *client, struct secret *form,
    struct tokens *ret_tokens, char ret_error[TOKEN_ERROR_SIZE],
    struct error *err);

/*
 * Does the same for any other endpoint (RFC 7009, RFC 8628). *ret_answer is
 * NULL if the response of this endpoint has no content; the caller frees it.
 */
int token_post(const struct token_client *client, enum endpoint which,
    struct secret *form, struct json_document **ret_answer,
    char ret_error[TOKEN_ERROR_SIZE], struct error *err);

/* What the failures of the client's requests are compared with. */
struct endpoint_request token_endpoint_request(
    const struct token_client *client);

#endif

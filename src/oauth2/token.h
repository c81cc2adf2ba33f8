/* SPDX-License-Identifier: MIT */
#ifndef OAUTH2_TOKEN_H
#define OAUTH2_TOKEN_H

/*
 * The token endpoint (RFC 6749 3.2): one request that proves who we are, one
 * answer. Doesn't know what becomes of the tokens.
 */

#include <stdint.h>

#include "base/error.h"
#include "base/secret.h"
#include "config/account.h"
#include "https/json-document.h"
#include "oauth2/endpoints.h"

enum {
	TOKEN_ERROR_SIZE = 64,
	/* What is assumed where "expires_in" is missing; a server that refuses
	   the token earlier brings a new one. */
	TOKEN_LIFETIME_S = 3600
};

/* Who asks. All borrowed. */
struct token_client {
	const struct account *account;
	struct endpoints *endpoints;
	const struct secret *client_secret; /* or NULL */
	int64_t deadline_ms;
};

struct tokens {
	struct secret *access;
	struct secret *refresh; /* NULL: the one that there was stays */
	int64_t lifetime_s;     /* of the access token, from now on */
	char *scope;            /* what was granted; NULL: what was asked for */
};

/* Zero-initialise struct tokens; this wipes and frees what it holds. */
void tokens_done(struct tokens *tokens);

/*
 * Sends the form of a grant, to which the client's authentication is added
 * (RFC 6749 2.3, RFC 7523 2.2), and takes the tokens out of the answer. No
 * message holds a secret of the form, should the server repeat one
 * (oauth2/form-secrets.h).
 *
 * On failure ret_error has the server's code (RFC 6749 5.2, RFC 8628 3.5) or is
 * empty. ERROR_AUTH when it refuses, with advice; ERROR_TEMPORARY when it can't
 * answer now or answers rubbish; and the errors of https/http.h.
 */
int token_request(const struct token_client *client, struct secret *form,
    struct tokens *ret_tokens, char ret_error[TOKEN_ERROR_SIZE],
    struct error *err);

/*
 * The same for the other endpoints that a client speaks to (RFC 7009, RFC
 * 8628): *ret_answer, which the caller frees, is NULL where nothing is
 * answered.
 */
int token_post(const struct token_client *client, enum endpoint which,
    struct secret *form, struct json_document **ret_answer,
    char ret_error[TOKEN_ERROR_SIZE], struct error *err);

#endif

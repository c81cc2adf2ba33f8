/* SPDX-License-Identifier: MIT */
#ifndef OAUTH2_JWT_H
#define OAUTH2_JWT_H

/*
 * The client assertion: a client signs that it is itself, in place of a client
 * secret (RFC 7523 3, RFC 7515 7.1). Whoever holds one is the client until it
 * expires, so it is kept in a struct secret.
 */

#include <time.h>

#include "base/error.h"
#include "base/secret.h"
#include "oauth2/signing-key.h"

/* All strings are borrowed for the call. */
struct jwt_request {
	const char *client_id;
	const char *audience;    /* the URL of the token endpoint */
	const char *certificate; /* as in oauth2/signing-key.h */
	const char *key;
	enum signing_rsa rsa; /* how an RSA key signs */
	time_t now;
};

/*
 * Makes an assertion that is good from now on for a few minutes, and differs
 * from every other one. With a certificate its header has x5t#S256, by which
 * Microsoft finds the key. ERROR_CONFIG for a key or certificate that doesn't
 * do, and for what isn't UTF-8. The caller frees.
 */
int jwt_assertion(const struct jwt_request *request, struct secret **ret_jwt,
    struct error *err);

#endif

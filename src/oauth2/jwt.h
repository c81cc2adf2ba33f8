/* SPDX-License-Identifier: MIT */
#ifndef OAUTH2_JWT_H
#define OAUTH2_JWT_H

/*
 * Creates client assertions: signed JWTs that authenticate the client in place
 * of a client secret (RFC 7523 3, RFC 7515 7.1). An assertion is a credential
 * until it expires, so it is kept in a struct secret.
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
	enum signing_rsa rsa; /* the algorithm for RSA keys */
	time_t now;
};

/*
 * Creates a unique assertion that is valid from now for a few minutes. With a
 * certificate, the header contains x5t#S256, by which Microsoft identifies the
 * key. ERROR_CONFIG if the key or the certificate is unusable or if a string is
 * not UTF-8. The caller frees *ret_jwt.
 */
int jwt_assertion(const struct jwt_request *request, struct secret **ret_jwt,
    struct error *err);

#endif

/* SPDX-License-Identifier: MIT */
#ifndef OAUTH2_PKCE_H
#define OAUTH2_PKCE_H

/*
 * Creates random strings and PKCE challenges (RFC 7636), which bind a redirect
 * to its authorization request.
 */

#include "base/error.h"
#include "base/secret.h"

/*
 * Creates a secret of 256 random bits in base64url: 43 characters, the minimum
 * length of a verifier (RFC 7636 4.1). Returns NULL on failure. The caller
 * frees.
 */
struct secret *pkce_random(struct error *err);

/* Creates the S256 challenge of a verifier (RFC 7636 4.2). Returns NULL on
 * failure. The caller frees. */
struct secret *pkce_challenge(const struct secret *verifier, struct error *err);

#endif

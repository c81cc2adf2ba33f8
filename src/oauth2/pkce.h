/* SPDX-License-Identifier: MIT */
#ifndef OAUTH2_PKCE_H
#define OAUTH2_PKCE_H

/*
 * What ties an answer to the request that it answers: random words, and the
 * proof key of RFC 7636.
 */

#include "base/error.h"
#include "base/secret.h"

/*
 * A new secret of 256 random bits in base64url: 43 characters, as short as a
 * verifier may be (RFC 7636 4.1). NULL on failure. The caller frees.
 */
struct secret *pkce_random(struct error *err);

/* A new secret with the S256 challenge of a verifier (RFC 7636 4.2). NULL on
 * failure. The caller frees. */
struct secret *pkce_challenge(const struct secret *verifier, struct error *err);

#endif

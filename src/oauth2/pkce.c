/* SPDX-License-Identifier: MIT */
/*
 * Creates verifiers, states and challenges. The random bytes come from GnuTLS's
 * generator for keys.
 */
#include "oauth2/pkce.h"

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>

#include "base/base64.h"

enum {
	RANDOM_BYTES = 32,
	SHA256_BYTES = 32
};

static struct secret *pkce_encode(const void *bytes, size_t len,
    struct error *err);

struct secret *
pkce_random(struct error *err)
{
	unsigned char bytes[RANDOM_BYTES];
	int failure = gnutls_rnd(GNUTLS_RND_KEY, bytes, sizeof bytes);
	struct secret *word = NULL;

	if (failure < 0)
		error_set(err, ERROR_SYSTEM, "cannot generate random bytes: %s",
		    gnutls_strerror(failure));
	else
		word = pkce_encode(bytes, sizeof bytes, err);
	secret_wipe(bytes, sizeof bytes);
	return word;
}

struct secret *
pkce_challenge(const struct secret *verifier, struct error *err)
{
	unsigned char hash[SHA256_BYTES];
	int failure = gnutls_hash_fast(GNUTLS_DIG_SHA256,
	    secret_bytes(verifier), secret_len(verifier), hash);

	if (failure < 0) {
		error_set(err, ERROR_SYSTEM, "cannot compute SHA-256: %s",
		    gnutls_strerror(failure));
		return NULL;
	}
	return pkce_encode(hash, sizeof hash, err);
}

static struct secret *
pkce_encode(const void *bytes, size_t len, struct error *err)
{
	struct secret *text = secret_new(err);

	if (text != NULL && base64url_add(text, bytes, len, err) == -1) {
		secret_free(text);
		return NULL;
	}
	return text;
}

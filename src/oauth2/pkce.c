/* SPDX-License-Identifier: MIT */
/*
 * The only source of random words in OAuth2. They come from the generator for
 * keys. Doesn't know where they are sent.
 */
#include "oauth2/pkce.h"

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>

#include "oauth2/base64url.h"

enum {
	RANDOM_BYTES = 32,
	SHA256_BYTES = 32
};

static struct secret *encode(const void *bytes, size_t len, struct error *err);

struct secret *
pkce_random(struct error *err)
{
	unsigned char bytes[RANDOM_BYTES];
	int failure = gnutls_rnd(GNUTLS_RND_KEY, bytes, sizeof bytes);
	struct secret *word = NULL;

	if (failure < 0)
		error_set(err, ERROR_SYSTEM, "no random bytes: %s",
		    gnutls_strerror(failure));
	else
		word = encode(bytes, sizeof bytes, err);
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
		error_set(err, ERROR_SYSTEM, "no SHA-256: %s",
		    gnutls_strerror(failure));
		return NULL;
	}
	return encode(hash, sizeof hash, err);
}

static struct secret *
encode(const void *bytes, size_t len, struct error *err)
{
	struct secret *text = secret_new(err);

	if (text != NULL && base64url_add(text, bytes, len, err) == -1) {
		secret_free(text);
		return NULL;
	}
	return text;
}

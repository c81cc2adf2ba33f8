/* SPDX-License-Identifier: MIT */
/*
 * Computes a digest by GnuTLS, which is linked anyway.
 */
#include "tls/digest.h"

#include <gnutls/crypto.h>
#include <stdio.h>

enum {
	SHA256_SIZE = 32
};

int
digest_text(const void *text, size_t len, char out[DIGEST_SIZE],
    struct error *err)
{
	unsigned char digest[SHA256_SIZE];
	int failure = gnutls_hash_fast(GNUTLS_DIG_SHA256, text, len, digest);

	if (failure < 0)
		return error_set(err, ERROR_SYSTEM, "SHA-256: %s",
		    gnutls_strerror(failure));
	for (size_t i = 0; i < SHA256_SIZE; i++)
		snprintf(out + 2 * i, 3, "%02x", digest[i]);
	return 0;
}

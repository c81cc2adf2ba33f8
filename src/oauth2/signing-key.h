/* SPDX-License-Identifier: MIT */
#ifndef OAUTH2_SIGNING_KEY_H
#define OAUTH2_SIGNING_KEY_H

/*
 * A private key that signs JWTs (RFC 7518 3), from a file or a PKCS#11 token,
 * and its certificate.
 */

#include <stddef.h>

#include "base/error.h"

enum signing_rsa {
	SIGNING_PS256, /* RSASSA-PSS */
	SIGNING_RS256  /* RSASSA-PKCS1-v1_5, for servers without PSS */
};

enum {
	SIGNING_THUMBPRINT_SIZE = 32,
	SIGNING_SIGNATURE_MAX = 2048 /* bytes; RSA with 16384 bits */
};

struct signing_key;

/*
 * Loads a key and its certificate, each a PEM file or a "pkcs11:" URI as in
 * tls/key-source.h; certificate may be NULL. Returns NULL with ERROR_CONFIG if
 * either is unusable or if they don't match. The caller frees with
 * signing_key_free.
 */
struct signing_key *signing_key_new(const char *key, const char *certificate,
    enum signing_rsa rsa, struct error *err);

/* Accepts NULL. */
void signing_key_free(struct signing_key *key);

/* The "alg" header of its signatures: PS256, RS256, ES256, ES384 or ES512. */
const char *signing_key_algorithm(const struct signing_key *key);

/* The SHA-256 digest of the certificate, SIGNING_THUMBPRINT_SIZE bytes, or NULL
 * without a certificate. Borrowed. */
const unsigned char *signing_key_thumbprint(const struct signing_key *key);

/*
 * Signs len bytes. The signature has the format of JWTs: for elliptic curves r
 * and s, each padded to the width of the curve (RFC 7518 3.4).
 */
int signing_key_sign(struct signing_key *key, const void *bytes, size_t len,
    unsigned char signature[SIGNING_SIGNATURE_MAX], size_t *ret_len,
    struct error *err);

#endif

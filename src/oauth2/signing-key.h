/* SPDX-License-Identifier: MIT */
#ifndef OAUTH2_SIGNING_KEY_H
#define OAUTH2_SIGNING_KEY_H

/*
 * A private key that signs as JWTs are signed (RFC 7518 3), from a file or a
 * token (PKCS#11), and the certificate that belongs to it.
 */

#include <stddef.h>

#include "base/error.h"

enum signing_rsa {
	SIGNING_PS256, /* RSASSA-PSS */
	SIGNING_RS256  /* RSASSA-PKCS1-v1_5, for servers that know no other */
};

enum {
	SIGNING_THUMBPRINT_SIZE = 32,
	SIGNING_SIGNATURE_MAX = 2048 /* bytes; RSA with 16384 bits */
};

struct signing_key;

/*
 * key and certificate are each a PEM file or a "pkcs11:" URI, as in
 * tls/key-source.h; certificate may be NULL. ERROR_CONFIG says what is
 * wrong, also when the two don't belong together. NULL on failure.
 */
struct signing_key *signing_key_new(const char *key, const char *certificate,
    enum signing_rsa rsa, struct error *err);

/* Accepts NULL. */
void signing_key_free(struct signing_key *key);

/* The "alg" of its signatures: PS256, RS256, ES256, ES384 or ES512. */
const char *signing_key_algorithm(const struct signing_key *key);

/* The SHA-256 of the certificate, SIGNING_THUMBPRINT_SIZE bytes; NULL without
 * one. Borrowed. */
const unsigned char *signing_key_thumbprint(const struct signing_key *key);

/*
 * Signs len bytes. The signature is as JWTs have it: for elliptic curves r and
 * s, each as wide as the curve (RFC 7518 3.4).
 */
int signing_key_sign(struct signing_key *key, const void *bytes, size_t len,
    unsigned char signature[SIGNING_SIGNATURE_MAX], size_t *ret_len,
    struct error *err);

#endif

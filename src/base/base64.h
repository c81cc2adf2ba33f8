/* SPDX-License-Identifier: MIT */
#ifndef BASE_BASE64_H
#define BASE_BASE64_H

/* Encodes base64 (RFC 4648 4), and base64url without padding (5), the encoding
 * of PKCE verifiers, challenges and JWTs. */

#include <stddef.h>

#include "base/error.h"
#include "base/secret.h"

/*
 * Append len bytes, encoded, to out. ERROR_DATA if out becomes too long; it may
 * then end with some of them.
 */
int base64_add(struct secret *out, const void *bytes, size_t len,
    struct error *err);
int base64url_add(struct secret *out, const void *bytes, size_t len,
    struct error *err);

/* Encodes one to three bytes, with padding. */
void base64_group(const unsigned char *bytes, size_t len, char out[4]);

#endif

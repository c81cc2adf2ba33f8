/* SPDX-License-Identifier: MIT */
#ifndef OAUTH2_BASE64URL_H
#define OAUTH2_BASE64URL_H

/*
 * Encodes base64url without padding (RFC 4648 5), the encoding of PKCE
 * verifiers, challenges and JWTs.
 */

#include <stddef.h>

#include "base/error.h"
#include "base/secret.h"

/*
 * Appends len bytes, encoded, to out. ERROR_DATA if out becomes too long; it
 * may then end with some of them.
 */
int base64url_add(struct secret *out, const void *bytes, size_t len,
    struct error *err);

#endif

/* SPDX-License-Identifier: MIT */
#ifndef OAUTH2_BASE64URL_H
#define OAUTH2_BASE64URL_H

/*
 * Base64 with the alphabet for URLs and without padding (RFC 4648 5), as
 * OAuth2 writes verifiers, challenges and assertions.
 */

#include <stddef.h>

#include "base/error.h"
#include "base/secret.h"

/*
 * Adds len bytes, encoded, at the end of out. ERROR_DATA when out gets too
 * long: it may then hold a part of them.
 */
int base64url_add(struct secret *out, const void *bytes, size_t len,
    struct error *err);

#endif

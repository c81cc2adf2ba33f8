/* SPDX-License-Identifier: MIT */
#ifndef TLS_PKCS11_URI_H
#define TLS_PKCS11_URI_H

/*
 * "pkcs11:" URIs (RFC 7512), as far as they say where the PIN is. GnuTLS reads
 * them too, but takes no "file:" for a file and any file for a PIN's.
 */

#include <stdbool.h>

#include "base/error.h"
#include "base/secret.h"

struct pkcs11_uri {
	struct secret *uri; /* without the source of the PIN, for GnuTLS */
	struct secret *pin; /* what the source held; NULL: none was named */
};

/* Whether name is such a URI. */
bool pkcs11_uri_is(const char *name);

/*
 * Reads a URI, and the PIN from the file that pin-source names
 * ("pin-source=file:/etc/pin" or a path), the first line of it. The file must
 * be closed to others. ERROR_CONFIG. On failure too, pkcs11_uri_done is due.
 */
int pkcs11_uri_init(struct pkcs11_uri *pkcs11, const char *name,
    struct error *err);

/* Wipes and frees. Harmless on one that is all zero. */
void pkcs11_uri_done(struct pkcs11_uri *pkcs11);

#endif

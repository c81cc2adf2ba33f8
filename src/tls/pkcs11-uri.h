/* SPDX-License-Identifier: MIT */
#ifndef TLS_PKCS11_URI_H
#define TLS_PKCS11_URI_H

/*
 * Reads the PIN that a "pkcs11:" URI (RFC 7512) refers to. GnuTLS could do that
 * but does not support "file:" and does not check the permissions of the file.
 */

#include <stdbool.h>

#include "base/error.h"
#include "base/secret.h"

struct pkcs11_uri {
	struct secret *uri; /* without pin-source, for GnuTLS */
	struct secret *pin; /* NULL if the URI has no pin-source */
};

/* Returns whether name is a "pkcs11:" URI. */
bool pkcs11_uri_is(const char *name);

/*
 * Parses a URI and reads the PIN, the first line of the file in its attribute
 * pin-source ("pin-source=file:/etc/pin" or a path). The file must not be
 * accessible to others. ERROR_CONFIG. Call pkcs11_uri_done even after a
 * failure.
 */
int pkcs11_uri_init(struct pkcs11_uri *pkcs11, const char *name,
    struct error *err);

/* Wipes and frees URI and PIN. Accepts a struct of zeros. */
void pkcs11_uri_done(struct pkcs11_uri *pkcs11);

#endif

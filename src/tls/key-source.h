/* SPDX-License-Identifier: MIT */
#ifndef TLS_KEY_SOURCE_H
#define TLS_KEY_SOURCE_H

/*
 * Where private keys and certificates are: a PEM file, or a token that is named
 * by a "pkcs11:" URI (tls/pkcs11-uri.h). This header needs GnuTLS'.
 */

#include <gnutls/abstract.h>
#include <gnutls/x509.h>

#include "base/error.h"
#include "base/secret.h"

enum {
	KEY_SOURCE_SHOWN_SIZE = 256
};

/*
 * Fills a key that is initialised. Its file must be closed to others and not
 * encrypted. *ret_pin is set only when the key will ask for a PIN: it must then
 * be kept as long as the key, and be freed after it. ERROR_CONFIG.
 */
int key_source_private(const char *name, gnutls_privkey_t key,
    struct secret **ret_pin, struct error *err);

/* Fills a certificate that is initialised, with the first in a file.
 * ERROR_CONFIG. */
int key_source_certificate(const char *name, gnutls_x509_crt_t certificate,
    struct error *err);

/* The name for messages: of a URI no more than stands before a PIN. */
void key_source_show(const char *name, char out[KEY_SOURCE_SHOWN_SIZE]);

#endif

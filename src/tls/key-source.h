/* SPDX-License-Identifier: MIT */
#ifndef TLS_KEY_SOURCE_H
#define TLS_KEY_SOURCE_H

/*
 * Loads private keys and certificates from PEM files or, by a "pkcs11:" URI,
 * from PKCS#11 tokens such as smart cards.
 */

#include <gnutls/abstract.h>
#include <gnutls/x509.h>

#include "base/error.h"
#include "base/file.h"
#include "base/secret.h"

enum {
	KEY_SOURCE_SHOWN_SIZE = 256
};

/*
 * Loads a private key into key, which is initialised. A file must not be
 * accessible to others and must not be encrypted. If the key needs a PIN,
 * *ret_pin is set; the caller frees it after the key. ERROR_CONFIG.
 */
int key_source_private(const char *name, gnutls_privkey_t key,
    struct secret **ret_pin, struct error *err);

/* Loads a certificate, the first in a file, into certificate, which is
 * initialised. ERROR_CONFIG. */
int key_source_certificate(const char *name, gnutls_x509_crt_t certificate,
    struct error *err);

/* Reads a PEM file. *ret_data is its content, borrowed from the result, which
 * the caller frees. NULL on failure: ERROR_CONFIG. */
struct secret *key_source_read_pem(const char *path,
    enum file_protection protection, gnutls_datum_t *ret_data,
    struct error *err);

/* Formats the name for messages, without the part of a URI that may hold a PIN.
 */
void key_source_show(const char *name, char out[KEY_SOURCE_SHOWN_SIZE]);

#endif

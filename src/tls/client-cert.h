/* SPDX-License-Identifier: MIT */
#ifndef TLS_CLIENT_CERT_H
#define TLS_CLIENT_CERT_H

/* The certificate that we show a server, and its key. */

#include <gnutls/gnutls.h>

#include "base/error.h"
#include "base/secret.h"

/*
 * Gives credentials a certificate with its chain, and the private key that
 * belongs to it. Each is a PEM file or a "pkcs11:" URI, as in
 * tls/key-source.h. *ret_pin is NULL or the key's PIN, which must outlive the
 * credentials and then be freed. ERROR_CONFIG.
 */
int client_cert_load(gnutls_certificate_credentials_t credentials,
    const char *certificate, const char *key, struct secret **ret_pin,
    struct error *err);

#endif

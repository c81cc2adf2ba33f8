/* SPDX-License-Identifier: MIT */
#ifndef TLS_CLIENT_CERT_H
#define TLS_CLIENT_CERT_H

/* Loads a client certificate and its private key. */

#include <gnutls/gnutls.h>

#include "base/error.h"
#include "base/secret.h"

/*
 * Adds a certificate with its chain and its private key to credentials. Each is
 * a PEM file or a "pkcs11:" URI (tls/key-source.h). *ret_pin is the PIN of the
 * key or NULL; the caller frees it after the credentials. ERROR_CONFIG.
 */
int client_cert_load(gnutls_certificate_credentials_t credentials,
    const char *certificate, const char *key, struct secret **ret_pin,
    struct error *err);

#endif

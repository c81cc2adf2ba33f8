/* SPDX-License-Identifier: MIT */
#ifndef TLS_TRUST_H
#define TLS_TRUST_H

/*
 * Loads trust anchors and revocation lists. Parsing the 150 roots of a system
 * takes longer than a TLS handshake, so only the anchors that a certificate
 * chain may need are parsed.
 */

#include <stddef.h>

#include <gnutls/gnutls.h>

#include "base/error.h"

/*
 * Adds anchors from the PEM file at path (NULL: the bundle of the system) to
 * credentials: those whose subject is an issuer in the chain, and those in the
 * chain. Finding none is not an error. ERROR_CONFIG if path cannot be read.
 */
int trust_add_issuers(gnutls_certificate_credentials_t credentials,
    const char *path, const gnutls_datum_t *chain, size_t chain_len,
    struct error *err);

/* Adds the certificate revocation lists in the PEM file at path to credentials.
 * ERROR_CONFIG. */
int trust_add_revocations(gnutls_certificate_credentials_t credentials,
    const char *path, struct error *err);

#endif

/* SPDX-License-Identifier: MIT */
#ifndef TLS_TRUST_H
#define TLS_TRUST_H

/*
 * The trust anchors. A system trusts some 144 roots; parsing them all takes
 * longer than the whole handshake. So only those are parsed that a presented
 * chain could need.
 */

#include <stddef.h>

#include <gnutls/gnutls.h>

#include "base/error.h"

/*
 * Adds to credentials the anchors from the PEM file at path (NULL: the system's
 * bundle) whose subject is an issuer in the chain, or which are in the chain.
 * Finding none is no error. A named file that can't be read is ERROR_CONFIG.
 */
int trust_add_issuers(gnutls_certificate_credentials_t credentials,
    const char *path, const gnutls_datum_t *chain, size_t chain_len,
    struct error *err);

#endif

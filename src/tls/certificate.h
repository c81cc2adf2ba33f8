/* SPDX-License-Identifier: MIT */
#ifndef TLS_CERTIFICATE_H
#define TLS_CERTIFICATE_H

/* A certificate as a server sends it. */

#include <gnutls/x509.h>

/* Parses DER. NULL if it is malformed, or without memory; the caller frees with
 * gnutls_x509_crt_deinit. */
gnutls_x509_crt_t certificate_parse(const gnutls_datum_t *der);

#endif

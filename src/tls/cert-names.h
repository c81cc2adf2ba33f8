/* SPDX-License-Identifier: MIT */
#ifndef TLS_CERT_NAMES_H
#define TLS_CERT_NAMES_H

/* Whether a certificate is made out to a host (RFC 9525 section 6). */

#include <stdbool.h>

#include <gnutls/x509.h>

/*
 * host is an address or a name with A-labels and without a trailing dot. Only
 * subject alternative names count, of the type that fits: an address needs an
 * iPAddress, a name a dNSName. A wildcard is a whole leftmost label, stands for
 * exactly one label, and has at least two labels behind it.
 */
bool cert_names_match(gnutls_x509_crt_t certificate, const char *host);

/* The rule for one dNSName, for tests. */
bool cert_names_match_dns(const char *pattern, const char *host);

#endif

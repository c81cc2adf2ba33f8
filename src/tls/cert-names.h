/* SPDX-License-Identifier: MIT */
#ifndef TLS_CERT_NAMES_H
#define TLS_CERT_NAMES_H

/* Checks that a certificate is issued for a host (RFC 9525 section 6). */

#include <stdbool.h>
#include <stddef.h>

#include <gnutls/x509.h>

/*
 * Returns whether the certificate is issued for host: an address, or a name
 * with A-labels and without a trailing dot. Only subject alternative names
 * count: an iPAddress for an address, a dNSName for a name. A wildcard must be
 * the whole leftmost label, matches exactly one label, and at least two labels
 * must follow.
 */
bool cert_names_match(gnutls_x509_crt_t certificate, const char *host);

/* Writes the first names of a certificate, separated by commas, as far as they
 * are printable; "" if there are none. */
void cert_names_list(gnutls_x509_crt_t certificate, char *out, size_t size);

/* Returns whether host is an IP address. */
bool cert_names_is_address(const char *host);

/* Returns whether one dNSName matches host. Public for tests only. */
bool cert_names_match_dns(const char *pattern, const char *host);

#endif

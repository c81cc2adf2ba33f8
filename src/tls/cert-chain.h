/* SPDX-License-Identifier: MIT */
#ifndef TLS_CERT_CHAIN_H
#define TLS_CERT_CHAIN_H

/* What a certificate chain says of itself, to explain why it is refused. */

#include <stdbool.h>
#include <stddef.h>

#include <gnutls/x509.h>

enum {
	CERT_CHAIN_NAME_SIZE = 128,
	CERT_CHAIN_DAY_SIZE = sizeof "2026-01-31",
	CERT_CHAIN_SHA256_SIZE = 65
};

struct cert_chain {
	/* The issuer of the last certificate: its common name, else its
	 * organisation; printable. "" if unknown. */
	char issuer[CERT_CHAIN_NAME_SIZE];

	bool is_self_signed;     /* it is a single certificate, by itself */
	bool is_alone;           /* it is a single one, by a CA */
	const char *interceptor; /* see tls/interception.h; or NULL */
	char sha256[CERT_CHAIN_SHA256_SIZE]; /* of the first, in hex */

	/* Of the first certificate that isn't valid now; "" if there is none.
	 */
	char begins[CERT_CHAIN_DAY_SIZE];
	char ended[CERT_CHAIN_DAY_SIZE];
	char ended_ca[CERT_CHAIN_NAME_SIZE]; /* its name, if it is a CA */

	char today[CERT_CHAIN_DAY_SIZE]; /* by the clock of this computer */
};

/* Fills facts from a chain as the server sent it. What can't be read is left
 * empty. */
void cert_chain_read(struct cert_chain *facts, const gnutls_datum_t *chain,
    size_t count);

/* Writes the SHA-256 of a certificate as tls-fingerprint takes it; nothing if
 * it can't be computed. */
void cert_chain_digest(gnutls_x509_crt_t certificate,
    char out[CERT_CHAIN_SHA256_SIZE]);

#endif

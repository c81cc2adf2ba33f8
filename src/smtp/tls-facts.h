/* SPDX-License-Identifier: MIT */
#ifndef SMTP_TLS_FACTS_H
#define SMTP_TLS_FACTS_H

/* The parameters of a TLS session and its server certificate, as text for
 * people. */

#include <stdint.h>

struct gnutls_session_int;

enum {
	TLS_FACTS_WORD_SIZE = 32,
	TLS_FACTS_NAME_SIZE = 256,
	TLS_FACTS_SHA256_SIZE = 65
};

/* Printable; "" if unknown. */
struct tls_facts {
	char version[TLS_FACTS_WORD_SIZE]; /* "1.3" */
	char group[TLS_FACTS_WORD_SIZE];   /* "X25519" */
	char cipher[TLS_FACTS_WORD_SIZE];  /* "AES-256-GCM" */

	char subject[TLS_FACTS_NAME_SIZE];  /* common name, else a DNS name */
	char issuer[TLS_FACTS_NAME_SIZE];   /* organisation, else common name */
	int64_t expires_at;                 /* seconds since 1970; 0: unknown */
	char sha256[TLS_FACTS_SHA256_SIZE]; /* as tls-fingerprint takes it */
};

/* Fills facts from an established session. */
void tls_facts_find(struct tls_facts *facts,
    struct gnutls_session_int *session);

#endif

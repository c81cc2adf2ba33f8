/* SPDX-License-Identifier: MIT */
#ifndef SMTP_TLS_FACTS_H
#define SMTP_TLS_FACTS_H

/* The parameters of a TLS session and its server certificate, as text for
 * people. */

#include <stddef.h>
#include <stdint.h>

struct gnutls_session_int;

enum {
	TLS_FACTS_WORD_SIZE = 32,
	TLS_FACTS_NAME_SIZE = 256,
	TLS_FACTS_SHA256_SIZE = 65,
	TLS_FACTS_CHAIN_MAX = 6,
	TLS_FACTS_CHAIN_NAME_SIZE = 128
};

/* A certificate of the chain. Names are common names, else organisations or DNS
 * names. */
struct tls_certificate {
	char subject[TLS_FACTS_CHAIN_NAME_SIZE];
	char issuer[TLS_FACTS_CHAIN_NAME_SIZE];
	int64_t expires_at; /* seconds since 1970; 0: unknown */
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

	/* As the server sent it, its own certificate first. */
	struct tls_certificate chain[TLS_FACTS_CHAIN_MAX];
	size_t chain_count;
};

/* Writes the version and the cipher of an established session. */
void tls_facts_name(struct gnutls_session_int *session,
    char version[TLS_FACTS_WORD_SIZE], char cipher[TLS_FACTS_WORD_SIZE]);

/* Fills facts from a session that has the server's certificate. */
void tls_facts_find(struct tls_facts *facts,
    struct gnutls_session_int *session);

#endif

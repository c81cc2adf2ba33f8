/* SPDX-License-Identifier: MIT */
/*
 * Reads the facts of a TLS session and its certificate. tls/verify.c decides
 * whether the certificate is valid.
 */
#include "smtp/tls-facts.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include <gnutls/gnutls.h>
#include <gnutls/x509.h>

#include "base/text.h"
#include "tls/cert-chain.h"
#include "tls/certificate.h"

enum {
	ISSUER_OIDS = 2
};

static const char organization[] = GNUTLS_OID_X520_ORGANIZATION_NAME;
static const char common_name[] = GNUTLS_OID_X520_COMMON_NAME;

static void find_chain(struct tls_facts *facts, const gnutls_datum_t *chain,
    size_t count);
static void find_certificate(struct tls_facts *facts,
    gnutls_x509_crt_t certificate);
static void find_link(struct tls_certificate *link,
    gnutls_x509_crt_t certificate);
static void find_subject(gnutls_x509_crt_t certificate, char *out, size_t size);
static void find_issuer(gnutls_x509_crt_t certificate,
    const char *const oids[ISSUER_OIDS], char *out, size_t size);
static int64_t find_end(gnutls_x509_crt_t certificate);

void
tls_facts_name(gnutls_session_t session, char version[TLS_FACTS_WORD_SIZE],
    char cipher[TLS_FACTS_WORD_SIZE])
{
	const char *protocol =
	    gnutls_protocol_get_name(gnutls_protocol_get_version(session));
	const char *name = gnutls_cipher_get_name(gnutls_cipher_get(session));

	if (protocol != NULL && text_has_prefix(protocol, "TLS"))
		protocol += strlen("TLS");
	snprintf(version, TLS_FACTS_WORD_SIZE, "%s",
	    protocol != NULL ? protocol : "");
	snprintf(cipher, TLS_FACTS_WORD_SIZE, "%s", name != NULL ? name : "");
}

void
tls_facts_find(struct tls_facts *facts, gnutls_session_t session)
{
	const gnutls_datum_t *chain;
	const char *group = gnutls_group_get_name(gnutls_group_get(session));
	unsigned count = 0;

	memset(facts, 0, sizeof *facts);
	tls_facts_name(session, facts->version, facts->cipher);
	snprintf(facts->group, sizeof facts->group, "%s",
	    group != NULL ? group : "");
	chain = gnutls_certificate_get_peers(session, &count);
	if (chain != NULL)
		find_chain(facts, chain, count);
}

static void
find_chain(struct tls_facts *facts, const gnutls_datum_t *chain, size_t count)
{
	if (count > TLS_FACTS_CHAIN_MAX)
		count = TLS_FACTS_CHAIN_MAX;
	for (size_t i = 0; i < count; i++) {
		gnutls_x509_crt_t certificate = certificate_parse(&chain[i]);

		if (certificate == NULL)
			continue;
		if (i == 0)
			find_certificate(facts, certificate);
		find_link(&facts->chain[facts->chain_count++], certificate);
		gnutls_x509_crt_deinit(certificate);
	}
}

static void
find_certificate(struct tls_facts *facts, gnutls_x509_crt_t certificate)
{
	static const char *const oids[ISSUER_OIDS] = {organization,
	    common_name};

	facts->expires_at = find_end(certificate);
	find_subject(certificate, facts->subject, sizeof facts->subject);
	find_issuer(certificate, oids, facts->issuer, sizeof facts->issuer);
	cert_chain_digest(certificate, facts->sha256);
}

static void
find_link(struct tls_certificate *link, gnutls_x509_crt_t certificate)
{
	static const char *const oids[ISSUER_OIDS] = {common_name,
	    organization};

	link->expires_at = find_end(certificate);
	find_subject(certificate, link->subject, sizeof link->subject);
	find_issuer(certificate, oids, link->issuer, sizeof link->issuer);
}

static void
find_subject(gnutls_x509_crt_t certificate, char *out, size_t size)
{
	char raw[TLS_FACTS_NAME_SIZE];
	size_t len = sizeof raw;

	if (gnutls_x509_crt_get_dn_by_oid(certificate, common_name, 0, 0, raw,
		&len) < 0) {
		len = sizeof raw;
		if (gnutls_x509_crt_get_subject_alt_name(certificate, 0, raw,
			&len, NULL) != GNUTLS_SAN_DNSNAME)
			return;
	}
	text_printable(out, size, raw, len);
}

static void
find_issuer(gnutls_x509_crt_t certificate, const char *const oids[ISSUER_OIDS],
    char *out, size_t size)
{
	for (size_t i = 0; i < ISSUER_OIDS; i++) {
		char raw[TLS_FACTS_NAME_SIZE];
		size_t len = sizeof raw;

		if (gnutls_x509_crt_get_issuer_dn_by_oid(certificate, oids[i],
			0, 0, raw, &len) < 0)
			continue;
		text_printable(out, size, raw, len);
		return;
	}
}

static int64_t
find_end(gnutls_x509_crt_t certificate)
{
	time_t end = gnutls_x509_crt_get_expiration_time(certificate);

	return end != (time_t)-1 ? (int64_t)end : 0;
}

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

enum {
	SHA256_BYTES = 32
};

static void find_session(struct tls_facts *facts, gnutls_session_t session);
static void find_certificate(struct tls_facts *facts,
    gnutls_x509_crt_t certificate);
static void find_subject(struct tls_facts *facts,
    gnutls_x509_crt_t certificate);
static void find_issuer(struct tls_facts *facts, gnutls_x509_crt_t certificate);
static void find_digest(struct tls_facts *facts, gnutls_x509_crt_t certificate);

void
tls_facts_find(struct tls_facts *facts, gnutls_session_t session)
{
	gnutls_x509_crt_t certificate;
	const gnutls_datum_t *chain;
	unsigned count = 0;

	memset(facts, 0, sizeof *facts);
	find_session(facts, session);
	chain = gnutls_certificate_get_peers(session, &count);
	if (count == 0 || gnutls_x509_crt_init(&certificate) < 0)
		return;
	if (gnutls_x509_crt_import(certificate, &chain[0],
		GNUTLS_X509_FMT_DER) == 0)
		find_certificate(facts, certificate);
	gnutls_x509_crt_deinit(certificate);
}

static void
find_session(struct tls_facts *facts, gnutls_session_t session)
{
	const char *version =
	    gnutls_protocol_get_name(gnutls_protocol_get_version(session));
	const char *group = gnutls_group_get_name(gnutls_group_get(session));
	const char *cipher = gnutls_cipher_get_name(gnutls_cipher_get(session));

	if (version != NULL && text_has_prefix(version, "TLS"))
		version += strlen("TLS");
	snprintf(facts->version, sizeof facts->version, "%s",
	    version != NULL ? version : "");
	snprintf(facts->group, sizeof facts->group, "%s",
	    group != NULL ? group : "");
	snprintf(facts->cipher, sizeof facts->cipher, "%s",
	    cipher != NULL ? cipher : "");
}

static void
find_certificate(struct tls_facts *facts, gnutls_x509_crt_t certificate)
{
	time_t end = gnutls_x509_crt_get_expiration_time(certificate);

	facts->expires_at = end != (time_t)-1 ? (int64_t)end : 0;
	find_subject(facts, certificate);
	find_issuer(facts, certificate);
	find_digest(facts, certificate);
}

static void
find_subject(struct tls_facts *facts, gnutls_x509_crt_t certificate)
{
	char raw[TLS_FACTS_NAME_SIZE];
	size_t size = sizeof raw;

	if (gnutls_x509_crt_get_dn_by_oid(certificate,
		GNUTLS_OID_X520_COMMON_NAME, 0, 0, raw, &size) < 0) {
		size = sizeof raw;
		if (gnutls_x509_crt_get_subject_alt_name(certificate, 0, raw,
			&size, NULL) != GNUTLS_SAN_DNSNAME)
			return;
	}
	text_printable(facts->subject, sizeof facts->subject, raw, size);
}

static void
find_issuer(struct tls_facts *facts, gnutls_x509_crt_t certificate)
{
	static const char *const oids[] = {GNUTLS_OID_X520_ORGANIZATION_NAME,
	    GNUTLS_OID_X520_COMMON_NAME};

	for (size_t i = 0; i < sizeof oids / sizeof *oids; i++) {
		char raw[TLS_FACTS_NAME_SIZE];
		size_t size = sizeof raw;

		if (gnutls_x509_crt_get_issuer_dn_by_oid(certificate, oids[i],
			0, 0, raw, &size) < 0)
			continue;
		text_printable(facts->issuer, sizeof facts->issuer, raw, size);
		return;
	}
}

static void
find_digest(struct tls_facts *facts, gnutls_x509_crt_t certificate)
{
	unsigned char digest[SHA256_BYTES];
	size_t size = sizeof digest;

	if (gnutls_x509_crt_get_fingerprint(certificate, GNUTLS_DIG_SHA256,
		digest, &size) < 0)
		return;
	for (size_t i = 0; i < size; i++)
		snprintf(facts->sha256 + 2 * i, 3, "%02x", digest[i]);
}

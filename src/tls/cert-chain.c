/* SPDX-License-Identifier: MIT */
/*
 * Reads names and days from a certificate chain. tls/verify.c decides whether
 * it is valid.
 */
#include "tls/cert-chain.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/text.h"
#include "tls/certificate.h"
#include "tls/interception.h"

enum {
	SHA256_BYTES = 32
};

/* A name of a certificate: gnutls_x509_crt_get_dn_by_oid, or that for the
 * issuer. */
typedef int chain_name_function(gnutls_x509_crt_t certificate, const char *oid,
    unsigned index, unsigned raw, void *out, size_t *size);

static void chain_read_certificate(struct cert_chain *facts,
    gnutls_x509_crt_t certificate, bool is_ca);
static void chain_read_name(struct cert_chain *facts,
    gnutls_x509_crt_t certificate, chain_name_function *function, char *out);
static void chain_write_day(time_t moment, char out[CERT_CHAIN_DAY_SIZE]);

void
cert_chain_read(struct cert_chain *facts, const gnutls_datum_t *chain,
    size_t count)
{
	memset(facts, 0, sizeof *facts);
	chain_write_day(time(NULL), facts->today);
	for (size_t i = 0; i < count; i++) {
		gnutls_x509_crt_t certificate = certificate_parse(&chain[i]);

		if (certificate == NULL)
			continue;
		if (i == 0)
			cert_chain_digest(certificate, facts->sha256);
		chain_read_certificate(facts, certificate, i > 0);
		facts->is_self_signed = count == 1 &&
		    gnutls_x509_crt_check_issuer(certificate, certificate) == 1;
		gnutls_x509_crt_deinit(certificate);
	}
	facts->is_alone = count == 1 && !facts->is_self_signed;
	if (facts->is_self_signed) /* a product has a CA of its own */
		facts->interceptor = NULL;
}

void
cert_chain_digest(gnutls_x509_crt_t certificate,
    char out[CERT_CHAIN_SHA256_SIZE])
{
	unsigned char digest[SHA256_BYTES];
	size_t size = sizeof digest;

	if (gnutls_x509_crt_get_fingerprint(certificate, GNUTLS_DIG_SHA256,
		digest, &size) < 0)
		return;
	for (size_t i = 0; i < size; i++)
		snprintf(out + 2 * i, 3, "%02x", digest[i]);
}

static void
chain_read_certificate(struct cert_chain *facts, gnutls_x509_crt_t certificate,
    bool is_ca)
{
	time_t begin = gnutls_x509_crt_get_activation_time(certificate);
	time_t end = gnutls_x509_crt_get_expiration_time(certificate);
	char subject[CERT_CHAIN_NAME_SIZE] = "";
	time_t now = time(NULL);

	if (is_ca)
		chain_read_name(facts, certificate,
		    gnutls_x509_crt_get_dn_by_oid, subject);
	chain_read_name(facts, certificate,
	    gnutls_x509_crt_get_issuer_dn_by_oid, facts->issuer);
	if (begin != (time_t)-1 && begin > now && facts->begins[0] == '\0')
		chain_write_day(begin, facts->begins);
	if (end == (time_t)-1 || end >= now || facts->ended[0] != '\0')
		return;
	chain_write_day(end, facts->ended);
	if (is_ca)
		memcpy(facts->ended_ca, subject, sizeof subject);
}

/* Writes the common name, else the organisation; all are searched for a
 * product. */
static void
chain_read_name(struct cert_chain *facts, gnutls_x509_crt_t certificate,
    chain_name_function *function, char *out)
{
	static const char *const oids[] = {GNUTLS_OID_X520_COMMON_NAME,
	    GNUTLS_OID_X520_ORGANIZATION_NAME,
	    GNUTLS_OID_X520_ORGANIZATIONAL_UNIT_NAME};

	out[0] = '\0';
	for (size_t i = 0; i < sizeof oids / sizeof *oids; i++) {
		char shown[CERT_CHAIN_NAME_SIZE];
		char raw[256];
		size_t len = sizeof raw;

		if (function(certificate, oids[i], 0, 0, raw, &len) < 0)
			continue;
		text_printable(shown, sizeof shown, raw, len);
		if (facts->interceptor == NULL)
			facts->interceptor = interception_find(shown);
		if (out[0] == '\0')
			memcpy(out, shown, sizeof shown);
	}
}

static void
chain_write_day(time_t moment, char out[CERT_CHAIN_DAY_SIZE])
{
	struct tm parts;

	if (gmtime_r(&moment, &parts) == NULL ||
	    strftime(out, CERT_CHAIN_DAY_SIZE, "%Y-%m-%d", &parts) == 0)
		out[0] = '\0';
}

/* SPDX-License-Identifier: MIT */
/*
 * Verifies the certificate of a server: either a pinned fingerprint, or a chain
 * to a trust anchor and the name of the host. Explains what is wrong with it.
 */
#include "tls/verify.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <gnutls/x509.h>

#include "base/text.h"
#include "tls/cert-chain.h"
#include "tls/cert-names.h"
#include "tls/certificate.h"
#include "tls/trust.h"
#include "tls/verify-hint.h"

enum {
	CHAIN_MAX = 16,
	SHA256_SIZE = 32,
	NAMES_SIZE = 256,
	FINGERPRINT_SIZE = 3 * SHA256_SIZE /* "AB:CD:...", with NUL */
};

/* Faults that GnuTLS reports, the most serious first. */
static const struct {
	unsigned status;
	const char *what;
	const char *cause;
	const char *hint; /* NULL: name the settings of the policy */
} faults[] = {
    {GNUTLS_CERT_REVOKED, "is revoked", "certificate-invalid",
	"contact the provider"},
    {GNUTLS_CERT_INVALID_OCSP_STATUS | GNUTLS_CERT_MISSING_OCSP_STATUS |
	    GNUTLS_CERT_REVOCATION_DATA_ISSUED_IN_FUTURE |
	    GNUTLS_CERT_REVOCATION_DATA_SUPERSEDED,
	"has no valid revocation status", "certificate-invalid",
	"check the clock of this computer"},
    {GNUTLS_CERT_NOT_ACTIVATED, "is not valid yet", "clock-wrong",
	"set the clock of this computer, which is probably slow"},
    {GNUTLS_CERT_EXPIRED, "has expired", "certificate-expired",
	"check the clock of this computer; if it is right, the server's "
	"operator must renew the certificate or its chain. On a server of your "
	"own, reload the mail server, which may still use the old one"},
    {GNUTLS_CERT_INSECURE_ALGORITHM,
	"or its chain uses a weak signature algorithm or key",
	"certificate-invalid", "the provider must replace it"},
    {GNUTLS_CERT_PURPOSE_MISMATCH, "is not valid for a server",
	"certificate-invalid", "the provider must replace it"},
    {GNUTLS_CERT_SIGNER_NOT_FOUND, "is not signed by a trusted CA",
	"certificate-untrusted", NULL},
    {GNUTLS_CERT_SIGNER_NOT_CA, "is signed by a certificate that is not a CA",
	"certificate-invalid", "the provider must replace it"},
};

static const gnutls_typed_vdata_st server_purpose = {
    .type = GNUTLS_DT_KEY_PURPOSE_OID,
    .data = (unsigned char *)(intptr_t)GNUTLS_KP_TLS_WWW_SERVER,
};

static int verify_fingerprint(const gnutls_datum_t *leaf,
    const struct tls_policy *policy, struct error *err);
static void format_fingerprint(const unsigned char digest[SHA256_SIZE],
    char out[FINGERPRINT_SIZE]);
static bool same_hex(const char *a, const char *b);
static int verify_chain_and_strength(gnutls_session_t session,
    gnutls_certificate_credentials_t credentials,
    const struct tls_policy *policy, const gnutls_datum_t *chain,
    unsigned chain_len, struct error *err);
static unsigned verify_chain(gnutls_session_t session);
static unsigned
verify_chain_strength(gnutls_certificate_credentials_t credentials,
    const gnutls_datum_t *chain, unsigned chain_len);
static int verify_refuse_without_anchors(const struct tls_policy *policy,
    struct error *err);
static int verify_explain_status(unsigned status,
    const struct tls_policy *policy, const gnutls_datum_t *chain,
    unsigned chain_len, struct error *err);
static void verify_add_detail(unsigned fault, const struct cert_chain *facts,
    struct error *err);
static int verify_name(const gnutls_datum_t *leaf,
    const struct tls_policy *policy, struct error *err);

int
verify_peer(gnutls_session_t session,
    gnutls_certificate_credentials_t credentials,
    const struct tls_policy *policy, struct error *err)
{
	unsigned chain_len = 0;
	const gnutls_datum_t *chain =
	    gnutls_certificate_get_peers(session, &chain_len);

	if (chain == NULL || chain_len == 0)
		return error_set(err, ERROR_SECURITY,
		    "%s: the server sent no certificate", policy->host);
	if (policy->fingerprint_count > 0)
		return verify_fingerprint(&chain[0], policy, err);
	if (verify_chain_and_strength(session, credentials, policy, chain,
		chain_len, err) == -1)
		return -1;
	return verify_name(&chain[0], policy, err);
}

static int
verify_fingerprint(const gnutls_datum_t *leaf, const struct tls_policy *policy,
    struct error *err)
{
	unsigned char digest[SHA256_SIZE];
	char shown[FINGERPRINT_SIZE];
	size_t len = sizeof digest;

	if (gnutls_fingerprint(GNUTLS_DIG_SHA256, leaf, digest, &len) < 0)
		return error_set(err, ERROR_SECURITY,
		    "%s: cannot compute the fingerprint of the certificate",
		    policy->host);
	format_fingerprint(digest, shown);
	for (size_t i = 0; i < policy->fingerprint_count; i++) {
		if (same_hex(policy->fingerprint[i], shown))
			return 0;
	}
	error_set(err, ERROR_SECURITY,
	    "%s: the certificate does not match the pinned fingerprint",
	    policy->host);
	error_set_cause(err, "certificate-untrusted");
	return error_hint(err,
	    "if the server has a new certificate, set tls-fingerprint to its "
	    "SHA-256 fingerprint: %s",
	    shown);
}

static void
format_fingerprint(const unsigned char digest[SHA256_SIZE],
    char out[FINGERPRINT_SIZE])
{
	static const char digits[] = "0123456789ABCDEF";

	for (size_t i = 0; i < SHA256_SIZE; i++) {
		out[3 * i] = digits[digest[i] >> 4];
		out[3 * i + 1] = digits[digest[i] & 15];
		out[3 * i + 2] = ':';
	}
	out[FINGERPRINT_SIZE - 1] = '\0';
}

/* Compares fingerprints, ignoring case, colons and spaces. */
static bool
same_hex(const char *a, const char *b)
{
	if (text_has_prefix(a, "sha256:"))
		a += strlen("sha256:");
	for (;;) {
		char pair[2][2] = {{0, 0}, {0, 0}};

		a += strspn(a, ": ");
		b += strspn(b, ": ");
		pair[0][0] = *a;
		pair[1][0] = *b;
		if (!text_equals(pair[0], pair[1]))
			return false;
		if (*a == '\0')
			return true;
		a++;
		b++;
	}
}

static int
verify_chain_and_strength(gnutls_session_t session,
    gnutls_certificate_credentials_t credentials,
    const struct tls_policy *policy, const gnutls_datum_t *chain,
    unsigned chain_len, struct error *err)
{
	unsigned status;

	if (trust_add_issuers(credentials, policy->trust_file, chain, chain_len,
		err) == -1)
		return -1;
	status = verify_chain(session);
	if (status != 0 && policy->trust_file == NULL) {
		/* No bundle, or the anchor is not in it: load them all. */
		int count =
		    gnutls_certificate_set_x509_system_trust(credentials);

		status = verify_chain(session);
		if (status != 0 && count <= 0)
			return verify_refuse_without_anchors(policy, err);
	}
	if (status == 0 && policy->check_strength)
		status = verify_chain_strength(credentials, chain, chain_len);
	return status == 0
	    ? 0
	    : verify_explain_status(status, policy, chain, chain_len, err);
}

/* Returns 0 or the faults that GnuTLS finds. Does not check the name. */
static unsigned
verify_chain(gnutls_session_t session)
{
	gnutls_typed_vdata_st wanted = server_purpose;
	unsigned status = GNUTLS_CERT_INVALID;

	if (gnutls_certificate_verify_peers(session, &wanted, 1, &status) < 0)
		status = GNUTLS_CERT_INVALID;
	return status;
}

/*
 * Verifies the chain again with a security level of 112 bits. Flags in the
 * credentials cannot be used: GnuTLS combines them with those of the session
 * bit by bit, and two profiles make a third (3.7.9).
 */
static unsigned
verify_chain_strength(gnutls_certificate_credentials_t credentials,
    const gnutls_datum_t *chain, unsigned chain_len)
{
	gnutls_x509_trust_list_t anchors;
	gnutls_x509_crt_t certificates[CHAIN_MAX];
	gnutls_typed_vdata_st wanted = server_purpose;
	unsigned status = GNUTLS_CERT_INVALID;
	unsigned count = 0;

	if (chain_len > CHAIN_MAX)
		return GNUTLS_CERT_INVALID;
	gnutls_certificate_get_trust_list(credentials, &anchors);
	for (; count < chain_len; count++) {
		certificates[count] = certificate_parse(&chain[count]);
		if (certificates[count] == NULL)
			goto out;
	}
	if (gnutls_x509_trust_list_verify_crt2(anchors, certificates, count,
		&wanted, 1, GNUTLS_PROFILE_TO_VFLAGS(GNUTLS_PROFILE_MEDIUM),
		&status, NULL) < 0)
		status = GNUTLS_CERT_INVALID;
out:
	while (count > 0)
		gnutls_x509_crt_deinit(certificates[--count]);
	return status;
}

static int
verify_refuse_without_anchors(const struct tls_policy *policy,
    struct error *err)
{
	error_set(err, ERROR_SECURITY,
	    "%s: the certificate cannot be verified, because this computer has "
	    "no trusted CAs",
	    policy->host);
	error_set_cause(err, "certificate-untrusted");
	return error_hint(err, "install the package ca-certificates");
}

static int
verify_explain_status(unsigned status, const struct tls_policy *policy,
    const gnutls_datum_t *chain, unsigned chain_len, struct error *err)
{
	size_t count = sizeof faults / sizeof *faults;
	struct cert_chain facts;
	size_t i = 0;

	while (i < count && (status & faults[i].status) == 0)
		i++;
	if (i == count) {
		error_set(err, ERROR_SECURITY,
		    "%s: the certificate is not valid", policy->host);
		return error_set_cause(err, "certificate-invalid");
	}
	cert_chain_read(&facts, chain, chain_len);
	error_set(err, ERROR_SECURITY, "%s: the certificate %s", policy->host,
	    faults[i].what);
	verify_add_detail(faults[i].status, &facts, err);
	error_set_cause(err, faults[i].cause);
	if (faults[i].hint != NULL)
		return error_hint(err, "%s", faults[i].hint);
	if (facts.interceptor != NULL)
		return verify_hint_interception(policy, &facts, err);
	return verify_hint_settings(policy, &facts, err);
}

/* What shows at once whether the clock, the server or the way is at fault. */
static void
verify_add_detail(unsigned fault, const struct cert_chain *facts,
    struct error *err)
{
	size_t used = strlen(err->message);
	char *end = err->message + used;
	size_t left = sizeof err->message - used;

	if (fault == GNUTLS_CERT_NOT_ACTIVATED && facts->begins[0] != '\0')
		snprintf(end, left,
		    ": it begins on %s, and this computer's clock says %s",
		    facts->begins, facts->today);
	else if (fault == GNUTLS_CERT_EXPIRED && facts->ended[0] != '\0')
		snprintf(end, left,
		    ": %s%s ended on %s, and this computer's clock says %s",
		    facts->ended_ca[0] != '\0' ? "that of its CA " : "it",
		    facts->ended_ca, facts->ended, facts->today);
	else if (fault != GNUTLS_CERT_SIGNER_NOT_FOUND)
		return;
	else if (facts->is_self_signed)
		snprintf(end, left, ": it is self-signed");
	else if (facts->issuer[0] != '\0')
		snprintf(end, left, ": its issuer is %s", facts->issuer);
}

static int
verify_name(const gnutls_datum_t *leaf, const struct tls_policy *policy,
    struct error *err)
{
	gnutls_x509_crt_t certificate;
	char names[NAMES_SIZE] = "";
	bool matches;

	if (gnutls_x509_crt_init(&certificate) < 0)
		return error_no_memory(err);
	matches = gnutls_x509_crt_import(certificate, leaf,
		      GNUTLS_X509_FMT_DER) == 0 &&
	    cert_names_match(certificate, policy->host_ascii);
	if (!matches)
		cert_names_list(certificate, names, sizeof names);
	gnutls_x509_crt_deinit(certificate);
	if (matches)
		return 0;
	error_set(err, ERROR_SECURITY,
	    "%s: the certificate is issued for another name", policy->host);
	error_set_cause(err, "certificate-name");
	return verify_hint_names(policy, names, err);
}

/* SPDX-License-Identifier: MIT */
/*
 * Verifies the server of a libcurl connection: passes libcurl's GnuTLS session
 * to tls/verify.h, or configures libcurl to verify with another TLS library.
 */
#include "https/curl-peer.h"

#include <unistd.h>

#include <gnutls/gnutls.h>

#include "base/file.h"
#include "base/text.h"
#include "tls/priority.h"
#include "tls/trust.h"

/* libcurl's options for each verifier. */
static const struct {
	const char *library; /* prefix of the name of libcurl's TLS library */
	long verify_peer;
	long verify_host;
} verifiers[] = {
    [CURL_PEER_VERIFIER_POSTRIDER] = {"GnuTLS/", 0, 0},
    [CURL_PEER_VERIFIER_LIBCURL] = {"", 1, 2},
};

static int curl_peer_set_suites(CURL *handle, const struct curl_peer *peer,
    struct error *err);
static int curl_peer_set_anchors(CURL *handle, const struct curl_peer *peer,
    struct error *err);
static int curl_peer_check_file(const char *path, struct error *err);
static gnutls_session_t curl_peer_session(CURL *handle);
static int curl_peer_check_suite(const struct curl_peer *peer,
    gnutls_session_t session, struct error *err);
static int curl_peer_check_session(const struct curl_peer *peer,
    gnutls_session_t session, struct error *err);

enum curl_peer_verifier
curl_peer_verifier(void)
{
	const char *library = curl_version_info(CURLVERSION_NOW)->ssl_version;

	/* Of several libraries, those not in use are in parentheses. */
	return library != NULL &&
		text_has_prefix(library,
		    verifiers[CURL_PEER_VERIFIER_POSTRIDER].library)
	    ? CURL_PEER_VERIFIER_POSTRIDER
	    : CURL_PEER_VERIFIER_LIBCURL;
}

int
curl_peer_prepare(CURL *handle, const struct curl_peer *peer, struct error *err)
{
	enum curl_peer_verifier verifier = curl_peer_verifier();

	if (verifier == CURL_PEER_VERIFIER_LIBCURL &&
	    peer->policy.fingerprint_count > 0)
		return error_set(err, ERROR_CONFIG,
		    "%s: this libcurl cannot verify a pinned certificate",
		    peer->policy.host);
	if (curl_easy_setopt(handle, CURLOPT_SSL_VERIFYPEER,
		verifiers[verifier].verify_peer) != CURLE_OK ||
	    curl_easy_setopt(handle, CURLOPT_SSL_VERIFYHOST,
		verifiers[verifier].verify_host) != CURLE_OK)
		return error_set(err, ERROR_SYSTEM,
		    "libcurl cannot be configured to verify certificates");
	return curl_peer_set_suites(handle, peer, err) == -1
	    ? -1
	    : curl_peer_set_anchors(handle, peer, err);
}

bool
curl_peer_has_session(CURL *handle)
{
	return curl_peer_session(handle) != NULL;
}

int
curl_peer_check(CURL *handle, const struct curl_peer *peer, struct error *err)
{
	gnutls_session_t session;

	if (curl_peer_verifier() == CURL_PEER_VERIFIER_LIBCURL)
		return 0; /* it ends the handshake if it refuses */
	session = curl_peer_session(handle);
	if (session == NULL)
		return error_set(err, ERROR_SECURITY,
		    "%s: libcurl gives no access to the certificate",
		    peer->policy.host);
	if (curl_peer_check_suite(peer, session, err) == -1)
		return -1;
	return curl_peer_check_session(peer, session, err);
}

/* A priority string is GnuTLS's. libcurl restricts the TLS 1.2 suites of
 * OpenSSL and LibreSSL; other TLS libraries keep their default. */
static int
curl_peer_set_suites(CURL *handle, const struct curl_peer *peer,
    struct error *err)
{
	const char *library = curl_version_info(CURLVERSION_NOW)->ssl_version;
	const char *suites = NULL;
	CURLcode failure;

	if (curl_peer_verifier() == CURL_PEER_VERIFIER_POSTRIDER)
		suites = peer->priority != NULL ? peer->priority
						: tls_priority_default;
	else if (library != NULL && peer->priority == NULL &&
	    (text_has_prefix(library, "OpenSSL/") ||
		text_has_prefix(library, "LibreSSL/")))
		suites = "ECDHE+AESGCM:ECDHE+CHACHA20";
	failure = curl_easy_setopt(handle, CURLOPT_SSL_CIPHER_LIST, suites);
	return failure == CURLE_OK || failure == CURLE_NOT_BUILT_IN
	    ? 0
	    : error_set(err, ERROR_SYSTEM,
		  "libcurl cannot be configured to restrict cipher suites");
}

/* Where libcurl doesn't verify, it needn't read any anchors. */
static int
curl_peer_set_anchors(CURL *handle, const struct curl_peer *peer,
    struct error *err)
{
	bool is_ours = curl_peer_verifier() == CURL_PEER_VERIFIER_POSTRIDER;
	const char *trust_file = is_ours ? NULL : peer->policy.trust_file;
	const char *crl_file = is_ours ? NULL : peer->crl_file;
	CURLcode directory;

	if (crl_file != NULL &&
	    (curl_peer_check_file(crl_file, err) == -1 ||
		curl_easy_setopt(handle, CURLOPT_CRLFILE, crl_file) !=
		    CURLE_OK))
		return error_set(err, ERROR_CONFIG,
		    "%s: libcurl cannot use this revocation list", crl_file);
	if (!is_ours && trust_file == NULL)
		return 0; /* libcurl's default anchors */
	if (trust_file != NULL && curl_peer_check_file(trust_file, err) == -1)
		return -1;
	directory = curl_easy_setopt(handle, CURLOPT_CAPATH, NULL);
	if (curl_easy_setopt(handle, CURLOPT_CAINFO, trust_file) == CURLE_OK &&
	    (directory == CURLE_OK || directory == CURLE_NOT_BUILT_IN))
		return 0;
	return error_set(err, ERROR_SYSTEM,
	    "libcurl cannot be configured to verify certificates");
}

/* libcurl reads the file later, and its message says less. */
static int
curl_peer_check_file(const char *path, struct error *err)
{
	int fd = file_open_protected(path, FILE_TRUSTED, ERROR_CONFIG, err);

	if (fd == -1)
		return -1;
	close(fd);
	return 0;
}

/* NULL before the handshake and with other TLS libraries. */
static gnutls_session_t
curl_peer_session(CURL *handle)
{
	const struct curl_tlssessioninfo *info = NULL;

	if (curl_easy_getinfo(handle, CURLINFO_TLS_SSL_PTR, &info) !=
		CURLE_OK ||
	    info == NULL || info->backend != CURLSSLBACKEND_GNUTLS)
		return NULL;
	return info->internals;
}

/* libcurl 7.88 (2026) ignores CURLOPT_SSL_CIPHER_LIST with GnuTLS and offers
 * obsolete cipher suites. */
static int
curl_peer_check_suite(const struct curl_peer *peer, gnutls_session_t session,
    struct error *err)
{
	if (tls_priority_check(session, peer->priority, peer->policy.host,
		err) == 0)
		return 0;
	if (err->code == ERROR_SECURITY && peer->priority_setting != NULL)
		error_hint(err,
		    "if the server cannot be replaced, set %s to NORMAL",
		    peer->priority_setting);
	return -1;
}

/*
 * GnuTLS verifies with the credentials of the session. Our own replace
 * libcurl's during the call, so that only our anchors and flags apply.
 */
static int
curl_peer_check_session(const struct curl_peer *peer, gnutls_session_t session,
    struct error *err)
{
	gnutls_certificate_credentials_t ours;
	void *theirs = NULL;
	int result = -1;

	if (gnutls_certificate_allocate_credentials(&ours) < 0)
		return error_no_memory(err);
	if (gnutls_credentials_get(session, GNUTLS_CRD_CERTIFICATE, &theirs) <
		0 ||
	    gnutls_credentials_set(session, GNUTLS_CRD_CERTIFICATE, ours) < 0)
		error_set(err, ERROR_SECURITY,
		    "%s: the certificate cannot be verified",
		    peer->policy.host);
	else if (peer->crl_file == NULL ||
	    trust_add_revocations(ours, peer->crl_file, err) == 0)
		result = verify_peer(session, ours, &peer->policy, err);
	if (theirs != NULL)
		gnutls_credentials_set(session, GNUTLS_CRD_CERTIFICATE, theirs);
	gnutls_certificate_free_credentials(ours);
	return result;
}

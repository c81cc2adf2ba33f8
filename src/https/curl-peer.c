/* SPDX-License-Identifier: MIT */
/*
 * Lends tls/verify.h the session that libcurl has made, or makes libcurl check
 * it. Sends nothing and doesn't know what will be sent, or in which protocol.
 */
#include "https/curl-peer.h"

#include <unistd.h>

#include <gnutls/gnutls.h>

#include "base/file.h"
#include "base/text.h"

enum {
	DH_BITS_MIN = 2048 /* 112 bits of strength, as %PROFILE_MEDIUM has it */
};

/* The judges, and what libcurl is told of each. */
static const struct {
	const char *library; /* how its TLS library's name begins */
	long verify_peer;
	long verify_host;
} judges[] = {
    [CURL_PEER_VERIFIER_POSTRIDER] = {"GnuTLS/", 0, 0},
    [CURL_PEER_VERIFIER_LIBCURL] = {"", 1, 2},
};

static int set_anchors(CURL *handle, const struct curl_peer *peer,
    struct error *err);
static int check_file(const char *path, struct error *err);
static gnutls_session_t session_of(CURL *handle);
static int check_exchange(const struct curl_peer *peer,
    gnutls_session_t session, struct error *err);
static int check_session(const struct curl_peer *peer, gnutls_session_t session,
    struct error *err);
static int add_revocations(gnutls_certificate_credentials_t credentials,
    const char *path, struct error *err);

enum curl_peer_verifier
curl_peer_verifier(void)
{
	const char *library = curl_version_info(CURLVERSION_NOW)->ssl_version;

	/* Of several libraries, those that aren't in use stand in brackets. */
	return library != NULL &&
		text_has_prefix(library,
		    judges[CURL_PEER_VERIFIER_POSTRIDER].library)
	    ? CURL_PEER_VERIFIER_POSTRIDER
	    : CURL_PEER_VERIFIER_LIBCURL;
}

int
curl_peer_prepare(CURL *handle, const struct curl_peer *peer, struct error *err)
{
	enum curl_peer_verifier judge = curl_peer_verifier();

	if (judge == CURL_PEER_VERIFIER_LIBCURL &&
	    peer->policy.fingerprint_count > 0)
		return error_set(err, ERROR_CONFIG,
		    "%s: this libcurl can't compare a pinned certificate",
		    peer->policy.host);
	if (curl_easy_setopt(handle, CURLOPT_SSL_VERIFYPEER,
		judges[judge].verify_peer) != CURLE_OK ||
	    curl_easy_setopt(handle, CURLOPT_SSL_VERIFYHOST,
		judges[judge].verify_host) != CURLE_OK)
		return error_set(err, ERROR_SYSTEM,
		    "libcurl can't be told whom to believe");
	return set_anchors(handle, peer, err);
}

bool
curl_peer_has_session(CURL *handle)
{
	return session_of(handle) != NULL;
}

int
curl_peer_check(CURL *handle, const struct curl_peer *peer, struct error *err)
{
	gnutls_session_t session;

	if (curl_peer_verifier() == CURL_PEER_VERIFIER_LIBCURL)
		return 0; /* there would be no session if it had refused */
	session = session_of(handle);
	if (session == NULL)
		return error_set(err, ERROR_SECURITY,
		    "%s: libcurl doesn't show the certificate",
		    peer->policy.host);
	if (check_exchange(peer, session, err) == -1)
		return -1;
	return check_session(peer, session, err);
}

/* Where we judge, libcurl's own anchors would be read for nothing. */
static int
set_anchors(CURL *handle, const struct curl_peer *peer, struct error *err)
{
	bool is_ours = curl_peer_verifier() == CURL_PEER_VERIFIER_POSTRIDER;
	const char *trust_file = is_ours ? NULL : peer->policy.trust_file;
	const char *crl_file = is_ours ? NULL : peer->crl_file;
	CURLcode folder;

	if (crl_file != NULL &&
	    (check_file(crl_file, err) == -1 ||
		curl_easy_setopt(handle, CURLOPT_CRLFILE, crl_file) !=
		    CURLE_OK))
		return error_set(err, ERROR_CONFIG,
		    "%s: libcurl can't be told what is revoked", crl_file);
	if (!is_ours && trust_file == NULL)
		return 0; /* the ones that it was built with */
	if (trust_file != NULL && check_file(trust_file, err) == -1)
		return -1;
	folder = curl_easy_setopt(handle, CURLOPT_CAPATH, NULL);
	if (curl_easy_setopt(handle, CURLOPT_CAINFO, trust_file) == CURLE_OK &&
	    (folder == CURLE_OK || folder == CURLE_NOT_BUILT_IN))
		return 0;
	return error_set(err, ERROR_SYSTEM,
	    "libcurl can't be told whom to believe");
}

/* libcurl reads it later, and says less. */
static int
check_file(const char *path, struct error *err)
{
	int fd = file_open(path, ERROR_CONFIG, err);

	if (fd == -1)
		return -1;
	close(fd);
	return 0;
}

/* NULL before the handshake, and with another TLS library. */
static gnutls_session_t
session_of(CURL *handle)
{
	const struct curl_tlssessioninfo *info = NULL;

	if (curl_easy_getinfo(handle, CURLINFO_TLS_SSL_PTR, &info) !=
		CURLE_OK ||
	    info == NULL || info->backend != CURLSSLBACKEND_GNUTLS)
		return NULL;
	return info->internals;
}

/* libcurl's priority (7.88, 2026) is content with half of that; in TLS 1.2 a
 * server chooses the prime. */
static int
check_exchange(const struct curl_peer *peer, gnutls_session_t session,
    struct error *err)
{
	int bits = gnutls_dh_get_prime_bits(session);

	if (bits <= 0 || bits >= DH_BITS_MIN) /* 0: another key exchange */
		return 0;
	return error_set(err, ERROR_SECURITY, "%s: TLS handshake failed: %s",
	    peer->policy.host, gnutls_strerror(GNUTLS_E_DH_PRIME_UNACCEPTABLE));
}

/*
 * GnuTLS judges by the credentials of the session. Ours take the place of
 * libcurl's meanwhile, so that only our anchors and flags count.
 */
static int
check_session(const struct curl_peer *peer, gnutls_session_t session,
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
		    "%s: the certificate can't be judged", peer->policy.host);
	else if (peer->crl_file == NULL ||
	    add_revocations(ours, peer->crl_file, err) == 0)
		result = verify_peer(session, ours, &peer->policy, err);
	if (theirs != NULL)
		gnutls_credentials_set(session, GNUTLS_CRD_CERTIFICATE, theirs);
	gnutls_certificate_free_credentials(ours);
	return result;
}

static int
add_revocations(gnutls_certificate_credentials_t credentials, const char *path,
    struct error *err)
{
	int count = gnutls_certificate_set_x509_crl_file(credentials, path,
	    GNUTLS_X509_FMT_PEM);

	return count >= 0 ? 0
			  : error_set(err, ERROR_CONFIG, "%s: %s", path,
				gnutls_strerror(count));
}

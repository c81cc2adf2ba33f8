/* SPDX-License-Identifier: MIT */
/*
 * Lends tls/verify.h the session that libcurl has made, or makes libcurl check
 * it. Sends nothing and doesn't know what will be sent.
 */
#include "keeper/http-peer.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <gnutls/gnutls.h>

#include "base/file.h"
#include "base/text.h"
#include "tls/verify.h"

enum {
	DH_BITS_MIN = 2048 /* 112 bits of strength, as %PROFILE_MEDIUM has it */
};

/* The judges, and what libcurl is told of each. */
static const struct {
	const char *library; /* how its TLS library's name begins */
	long verify_peer;
	long verify_host;
} judges[] = {
    [HTTP_JUDGE_US] = {"GnuTLS/", 0, 0},
    [HTTP_JUDGE_LIBCURL] = {"", 1, 2},
};

static int check_text(const char *url, struct error *err);
static int check_scheme(const char *url, struct error *err);
static bool has_part(CURLU *url, CURLUPart part);
static int take_host(struct http_peer *peer, const char *url,
    struct error *err);
static bool is_printable_ascii(const char *text);
static int set_anchors(CURL *handle, const char *trust_file, struct error *err);
static int check_exchange(const struct http_peer *peer,
    gnutls_session_t session, struct error *err);
static int check_session(const struct http_peer *peer, gnutls_session_t session,
    const char *trust_file, struct error *err);

int
http_peer_init(struct http_peer *peer, const char *url, struct error *err)
{
	*peer = (struct http_peer){.url = curl_url()};
	if (peer->url == NULL)
		return error_no_memory(err);
	if (check_text(url, err) == -1 || check_scheme(url, err) == -1)
		return -1;
	if (curl_url_set(peer->url, CURLUPART_URL, url, 0) != CURLUE_OK)
		return error_set(err, ERROR_CONFIG, "%s: not a URL", url);
	if (has_part(peer->url, CURLUPART_USER) ||
	    has_part(peer->url, CURLUPART_PASSWORD))
		return error_set(err, ERROR_CONFIG,
		    "an endpoint's URL holds a user name or a password");
	return take_host(peer, url, err);
}

void
http_peer_done(struct http_peer *peer)
{
	curl_url_cleanup(peer->url);
	free(peer->host);
	free(peer->host_ascii);
	*peer = (struct http_peer){.url = NULL};
}

enum http_judge
http_peer_judge(void)
{
	const char *library = curl_version_info(CURLVERSION_NOW)->ssl_version;

	/* Of several libraries, those that aren't in use stand in brackets. */
	return library != NULL &&
		text_has_prefix(library, judges[HTTP_JUDGE_US].library)
	    ? HTTP_JUDGE_US
	    : HTTP_JUDGE_LIBCURL;
}

int
http_peer_prepare(CURL *handle, const char *trust_file, struct error *err)
{
	enum http_judge judge = http_peer_judge();

	if (curl_easy_setopt(handle, CURLOPT_SSL_VERIFYPEER,
		judges[judge].verify_peer) != CURLE_OK ||
	    curl_easy_setopt(handle, CURLOPT_SSL_VERIFYHOST,
		judges[judge].verify_host) != CURLE_OK)
		return error_set(err, ERROR_SYSTEM,
		    "libcurl can't be told whom to believe");
	return set_anchors(handle, trust_file, err);
}

int
http_peer_check(const struct http_peer *peer, CURL *handle,
    const char *trust_file, struct error *err)
{
	const struct curl_tlssessioninfo *info = NULL;

	if (http_peer_judge() == HTTP_JUDGE_LIBCURL)
		return 0; /* there would be no session if it had refused */
	if (curl_easy_getinfo(handle, CURLINFO_TLS_SSL_PTR, &info) !=
		CURLE_OK ||
	    info == NULL || info->backend != CURLSSLBACKEND_GNUTLS ||
	    info->internals == NULL)
		return error_set(err, ERROR_SECURITY,
		    "%s: libcurl doesn't show the certificate", peer->host);
	if (check_exchange(peer, info->internals, err) == -1)
		return -1;
	return check_session(peer, info->internals, trust_file, err);
}

/* A URL with an "@" is never repeated: what stands before it may be secret. */
static int
check_text(const char *url, struct error *err)
{
	if (is_printable_ascii(url))
		return 0;
	if (strchr(url, '@') != NULL)
		return error_set(err, ERROR_CONFIG,
		    "an endpoint's URL holds what no URL may hold");
	error_set(err, ERROR_CONFIG, "%s: not a URL", url);
	return error_hint(err,
	    "write a name with other letters as xn--..., other bytes as %%XX");
}

static int
check_scheme(const char *url, struct error *err)
{
	bool is_https = text_has_prefix(url, "https://");

	/* libcurl would take a host from behind a third slash. */
	if (is_https && url[strlen("https://")] != '/')
		return 0;
	if (is_https)
		return error_set(err, ERROR_CONFIG,
		    "an endpoint's URL names no host");
	if (strchr(url, '@') != NULL)
		return error_set(err, ERROR_CONFIG,
		    "an endpoint's URL doesn't begin with https://");
	return error_set(err, ERROR_CONFIG, "%s: doesn't begin with https://",
	    url);
}

static bool
has_part(CURLU *url, CURLUPart part)
{
	char *text = NULL;
	bool has = curl_url_get(url, part, &text, 0) == CURLUE_OK;

	curl_free(text);
	return has;
}

static int
take_host(struct http_peer *peer, const char *url, struct error *err)
{
	char *host = NULL;
	size_t len;

	if (curl_url_get(peer->url, CURLUPART_HOST, &host, 0) != CURLUE_OK)
		return error_set(err, ERROR_CONFIG, "%s: names no host", url);
	len = strlen(host);
	if (host[0] == '[' && host[len - 1] == ']') /* RFC 3986 3.2.2 */
		peer->host = text_copy(host + 1, len - 2);
	else
		peer->host = text_copy(host, len);
	curl_free(host);
	if (peer->host == NULL)
		return error_no_memory(err);
	len = strlen(peer->host);
	if (len > 1 && peer->host[len - 1] == '.')
		len--;
	peer->host_ascii = text_copy(peer->host, len);
	if (peer->host_ascii == NULL)
		return error_no_memory(err);
	/* "%FC" was decoded in it. */
	if (is_printable_ascii(peer->host))
		return 0;
	return error_set(err, ERROR_CONFIG, "%s: names no host", url);
}

static bool
is_printable_ascii(const char *text)
{
	for (; *text != '\0'; text++) {
		if (*text <= ' ' || *text >= 0x7f)
			return false;
	}
	return true;
}

/* Where we judge, libcurl's own anchors would be read for nothing. */
static int
set_anchors(CURL *handle, const char *trust_file, struct error *err)
{
	bool is_ours = http_peer_judge() == HTTP_JUDGE_US;
	CURLcode folder;
	int fd;

	if (!is_ours && trust_file == NULL)
		return 0; /* the ones that it was built with */
	if (!is_ours) {
		fd = file_open(trust_file, ERROR_CONFIG, err);
		if (fd == -1)
			return -1;
		close(fd); /* libcurl reads it later, and says less */
	}
	folder = curl_easy_setopt(handle, CURLOPT_CAPATH, NULL);
	if (curl_easy_setopt(handle, CURLOPT_CAINFO,
		is_ours ? NULL : trust_file) == CURLE_OK &&
	    (folder == CURLE_OK || folder == CURLE_NOT_BUILT_IN))
		return 0;
	return error_set(err, ERROR_SYSTEM,
	    "libcurl can't be told whom to believe");
}

/* libcurl's priority (7.88, 2026) is content with half of that; in TLS 1.2 a
 * server chooses the prime. */
static int
check_exchange(const struct http_peer *peer, gnutls_session_t session,
    struct error *err)
{
	int bits = gnutls_dh_get_prime_bits(session);

	if (bits <= 0 || bits >= DH_BITS_MIN) /* 0: another key exchange */
		return 0;
	return error_set(err, ERROR_SECURITY, "%s: TLS handshake failed: %s",
	    peer->host, gnutls_strerror(GNUTLS_E_DH_PRIME_UNACCEPTABLE));
}

/*
 * GnuTLS judges by the credentials of the session. Ours take the place of
 * libcurl's meanwhile, so that only our anchors and flags count.
 */
static int
check_session(const struct http_peer *peer, gnutls_session_t session,
    const char *trust_file, struct error *err)
{
	const struct tls_policy policy = {
	    .host = peer->host,
	    .host_ascii = peer->host_ascii,
	    .trust_file = trust_file,
	    .check_strength = true,
	    .trust_setting = "--token-trust-file",
	};
	gnutls_certificate_credentials_t ours;
	void *theirs = NULL;
	int result = -1;

	if (gnutls_certificate_allocate_credentials(&ours) < 0)
		return error_no_memory(err);
	if (gnutls_credentials_get(session, GNUTLS_CRD_CERTIFICATE, &theirs) <
		0 ||
	    gnutls_credentials_set(session, GNUTLS_CRD_CERTIFICATE, ours) < 0)
		error_set(err, ERROR_SECURITY,
		    "%s: the certificate can't be judged", peer->host);
	else
		result = verify_peer(session, ours, &policy, err);
	if (theirs != NULL)
		gnutls_credentials_set(session, GNUTLS_CRD_CERTIFICATE, theirs);
	gnutls_certificate_free_credentials(ours);
	return result;
}

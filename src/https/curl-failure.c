/* SPDX-License-Identifier: MIT */
/*
 * One table for libcurl's codes, and a closer look at those that stand for
 * more than one thing. What a callback has refused itself doesn't come here.
 */
#include "https/curl-failure.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include <gnutls/gnutls.h>

static const char check_proxy[] =
    "check https_proxy and all_proxy in the environment";
/* Stands for a hint that names the setting of the trust anchors. */
static const char name_ca[] = "";
static const char another_certificate[] =
    "the provider needs another certificate";
static const char check_host[] =
    "check the host; it must be a name that the certificate lists";

/* What a failure means when nothing better is known. */
static const struct {
	CURLcode failure;
	enum error_code code;
	const char *what;
	const char *hint; /* or NULL */
} meanings[] = {
    {CURLE_COULDNT_RESOLVE_HOST, ERROR_TEMPORARY, "the name can't be resolved",
	"check the network connection, then the spelling of the host"},
    {CURLE_COULDNT_RESOLVE_PROXY, ERROR_TEMPORARY,
	"the name of its proxy can't be resolved", check_proxy},
    {CURLE_OPERATION_TIMEDOUT, ERROR_TEMPORARY,
	"no answer within the time limit", NULL},
    {CURLE_GOT_NOTHING, ERROR_TEMPORARY,
	"the connection ended before the answer", NULL},
    {CURLE_SEND_ERROR, ERROR_TEMPORARY,
	"the connection ended before the answer", NULL},
    {CURLE_RECV_ERROR, ERROR_TEMPORARY,
	"the connection ended before the answer", NULL},
    {CURLE_PARTIAL_FILE, ERROR_TEMPORARY,
	"the connection ended within the answer", NULL},
    {CURLE_UNSUPPORTED_PROTOCOL, ERROR_TEMPORARY, "the answer isn't HTTP",
	NULL},
    {CURLE_WEIRD_SERVER_REPLY, ERROR_TEMPORARY, "the answer isn't HTTP", NULL},
    {CURLE_PEER_FAILED_VERIFICATION, ERROR_SECURITY,
	"the certificate of its proxy is not valid", check_proxy},
    {CURLE_SSL_CACERT_BADFILE, ERROR_CONFIG, "the trust anchors can't be read",
	name_ca},
    {CURLE_OUT_OF_MEMORY, ERROR_SYSTEM, "out of memory", NULL},
};

/*
 * What libcurl says of a certificate when it is the judge (peer.h), in the
 * words of tls/verify.c. They are OpenSSL's and its own; what another TLS
 * library says is repeated.
 */
static const struct {
	const char *part;
	const char *what;
	const char *hint;
} verdicts[] = {
    {"revoked", "is revoked", "tell the provider"},
    {"not yet valid", "is not valid yet", "check the clock of this machine"},
    {"has expired", "has expired",
	"check the clock of this machine, then tell the provider"},
    {"too weak", "or its chain is signed with something too weak",
	another_certificate},
    {"too small", "or its chain is signed with something too weak",
	another_certificate},
    {"purpose", "is not made for a server", another_certificate},
    {"issuer certificate", "is not vouched for by any trusted anchor", name_ca},
    {"self-signed", "is not vouched for by any trusted anchor", name_ca},
    {"self signed", "is not vouched for by any trusted anchor", name_ca},
    {"target host", "is made out to another name", check_host},
    {"target ip", "is made out to another name", check_host},
};

/* How a connection's end within the handshake is called, by OpenSSL too. */
static const char *const ends[] = {
    "SSL_ERROR_SYSCALL",
    "Connection reset by peer",
    "unexpected eof",
};

static int explain_connect(CURL *handle, const char *host, struct error *err);
static int explain_tunnel(long status, const char *host, struct error *err);
static bool is_of_proxy(CURL *handle);
static int explain_certificate(const char *text, const struct curl_peer *peer,
    struct error *err);
static int add_hint(const char *hint, const struct curl_peer *peer,
    struct error *err);
static int explain_handshake(const char *text, const char *host,
    struct error *err);
static bool is_end(const char *reason);

int
curl_failure_explain(CURL *handle, CURLcode failure, const char *text,
    const struct curl_peer *peer, struct error *err)
{
	const char *host = peer->policy.host;
	long tunnel_status = 0;
	long status = 0;

	curl_easy_getinfo(handle, CURLINFO_HTTP_CONNECTCODE, &tunnel_status);
	if (tunnel_status >= 300)
		return explain_tunnel(tunnel_status, host, err);
	/* How libcurl (7.88) calls a line of the header over 100 kB. */
	curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
	if (failure == CURLE_OUT_OF_MEMORY && status != 0)
		return error_set(err, ERROR_TEMPORARY,
		    "%s: answered with more than 64 KiB", host);
	if (failure == CURLE_COULDNT_CONNECT)
		return explain_connect(handle, host, err);
	if (failure == CURLE_SSL_CONNECT_ERROR)
		return explain_handshake(text, host, err);
	if (failure == CURLE_PEER_FAILED_VERIFICATION && !is_of_proxy(handle))
		return explain_certificate(text, peer, err);
	for (size_t i = 0; i < sizeof meanings / sizeof *meanings; i++) {
		if (meanings[i].failure != failure)
			continue;
		error_set(err, meanings[i].code, "%s: %s", host,
		    meanings[i].what);
		return add_hint(meanings[i].hint, peer, err);
	}
	return error_set(err, ERROR_TEMPORARY, "%s: %s", host,
	    curl_easy_strerror(failure));
}

static int
explain_tunnel(long status, const char *host, struct error *err)
{
	error_set(err, ERROR_TEMPORARY,
	    "%s: the proxy answered %ld instead of connecting", host, status);
	return error_hint(err, "%s", check_proxy);
}

static int
explain_connect(CURL *handle, const char *host, struct error *err)
{
	long reason = 0;

	curl_easy_getinfo(handle, CURLINFO_OS_ERRNO, &reason);
	if (reason == 0)
		return error_set(err, ERROR_TEMPORARY,
		    "%s: can't be connected to", host);
	errno = (int)reason;
	return error_set_errno(err, ERROR_TEMPORARY, "%s", host);
}

/* A proxy's certificate is always libcurl's to judge. */
static bool
is_of_proxy(CURL *handle)
{
	long result = 0;

	if (curl_peer_verifier() == CURL_PEER_VERIFIER_POSTRIDER)
		return true;
	curl_easy_getinfo(handle, CURLINFO_PROXY_SSL_VERIFYRESULT, &result);
	return result != 0;
}

static int
explain_certificate(const char *text, const struct curl_peer *peer,
    struct error *err)
{
	const char *host = peer->policy.host;

	for (size_t i = 0; i < sizeof verdicts / sizeof *verdicts; i++) {
		if (strstr(text, verdicts[i].part) == NULL)
			continue;
		error_set(err, ERROR_SECURITY, "%s: the certificate %s", host,
		    verdicts[i].what);
		return add_hint(verdicts[i].hint, peer, err);
	}
	error_set(err, ERROR_SECURITY, "%s: the certificate is not valid: %s",
	    host, text);
	return add_hint(name_ca, peer, err);
}

static int
add_hint(const char *hint, const struct curl_peer *peer, struct error *err)
{
	if (hint == name_ca)
		return error_hint(err,
		    "if the server is yours, name its CA by %s",
		    peer->policy.trust_setting);
	return hint != NULL ? error_hint(err, "%s", hint) : -1;
}

/* libcurl's text is "gnutls_handshake() failed: " and GnuTLS' own words, or a
 * number, "SSL routines::" and OpenSSL's. */
static int
explain_handshake(const char *text, const char *host, struct error *err)
{
	static const char *const marks[] = {"failed: ", "SSL routines::"};
	const char *reason = text;

	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
		const char *mark = strstr(text, marks[i]);

		if (mark != NULL)
			reason = mark + strlen(marks[i]);
	}
	if (is_end(reason))
		return error_set(err, ERROR_TEMPORARY,
		    "%s: the connection ended in the TLS handshake", host);
	error_set(err, ERROR_SECURITY, "%s: TLS handshake failed: %s", host,
	    reason);
	if (strcmp(reason,
		gnutls_strerror(GNUTLS_E_UNSUPPORTED_VERSION_PACKET)) == 0)
		return error_hint(err,
		    "the server offers nothing newer than TLS 1.1");
	return -1;
}

static bool
is_end(const char *reason)
{
	static const int codes[] = {
	    GNUTLS_E_PREMATURE_TERMINATION,
	    GNUTLS_E_PULL_ERROR,
	    GNUTLS_E_PUSH_ERROR,
	};

	for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
		if (strcmp(reason, gnutls_strerror(codes[i])) == 0)
			return true;
	}
	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
		if (strstr(reason, ends[i]) != NULL)
			return true;
	}
	return false;
}

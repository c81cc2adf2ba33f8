/* SPDX-License-Identifier: MIT */
/*
 * Translates libcurl's error codes by a table, and examines those codes that
 * have several causes. Errors that a callback has set don't come here.
 */
#include "https/curl-failure.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include <gnutls/gnutls.h>

static const char check_proxy[] =
    "check https_proxy and all_proxy in the environment";
/* Marks rows whose hint names the setting of the trust anchors. */
static const char set_trust_file[] = "";
static const char another_certificate[] = "the provider must replace it";
static const char check_host[] =
    "check the host name of the server; if it is right, the network wants a "
    "sign-in in a browser first, or something else answers in its place";
static const char check_way[] =
    "try again; if it repeats, check https_proxy, or try another network: "
    "something between stops HTTPS to this host";

static const char check_later[] =
    "try again later; the server has a problem with its TLS";
static const char not_tls[] =
    "check the URL and https_proxy, and whether the network wants a sign-in "
    "in a browser first: what answers does not speak TLS";
static const char enable_tls[] =
    "ask the operator of the server to enable TLS 1.2; it offers nothing newer "
    "than TLS 1.1";
static const char enable_ciphers[] =
    "ask the operator of the server for TLS 1.2 with ECDHE and a key of 2048 "
    "bits; if others reach it, try another network: a proxy may be between";
static const char needs_certificate[] =
    "use another endpoint: this one requires a client certificate, which "
    "postrider does not send here";

/* The meaning of a code unless a closer look finds more. */
static const struct {
	CURLcode failure;
	enum error_code code;
	const char *what;
	const char *hint; /* or NULL */
	const char *cause;
} curl_meanings[] = {
    {CURLE_COULDNT_RESOLVE_HOST, ERROR_TEMPORARY,
	"the host name cannot be resolved",
	"check the network connection, then the spelling of the host",
	"name-servers"},
    {CURLE_COULDNT_RESOLVE_PROXY, ERROR_TEMPORARY,
	"the host name of the proxy cannot be resolved", check_proxy, "proxy"},
    {CURLE_OPERATION_TIMEDOUT, ERROR_TEMPORARY,
	"no response within the time limit", check_way, "timeout"},
    {CURLE_GOT_NOTHING, ERROR_TEMPORARY,
	"the connection closed before the response", check_way,
	"connection-lost"},
    {CURLE_SEND_ERROR, ERROR_TEMPORARY,
	"the connection closed before the response", check_way,
	"connection-lost"},
    {CURLE_RECV_ERROR, ERROR_TEMPORARY,
	"the connection closed before the response", check_way,
	"connection-lost"},
    {CURLE_PARTIAL_FILE, ERROR_TEMPORARY,
	"the connection closed during the response", check_way,
	"connection-lost"},
    {CURLE_UNSUPPORTED_PROTOCOL, ERROR_TEMPORARY, "the response is not HTTP",
	NULL, "token-endpoint"},
    {CURLE_WEIRD_SERVER_REPLY, ERROR_TEMPORARY, "the response is not HTTP",
	NULL, "token-endpoint"},
    {CURLE_PEER_FAILED_VERIFICATION, ERROR_SECURITY,
	"the certificate of the proxy is not valid", check_proxy, "proxy"},
    {CURLE_SSL_CACERT_BADFILE, ERROR_CONFIG, "the trust anchors cannot be read",
	set_trust_file, NULL},
    {CURLE_OUT_OF_MEMORY, ERROR_SYSTEM, "out of memory", NULL, NULL},
};

/*
 * libcurl's messages about certificates that it refuses (curl-peer.h), and the
 * words of tls/verify.c for the same. The messages are those of OpenSSL and
 * libcurl; messages of other TLS libraries are shown as they are.
 */
static const struct {
	const char *part;
	const char *what;
	const char *hint;
	const char *cause;
} certificate_faults[] = {
    {"revoked", "is revoked", "contact the provider", "certificate-invalid"},
    {"not yet valid", "is not valid yet", "check the clock of this computer",
	"clock-wrong"},
    {"has expired", "has expired",
	"check the clock of this computer, then contact the provider",
	"certificate-expired"},
    {"too weak", "or its chain uses a weak signature algorithm or key",
	another_certificate, "certificate-invalid"},
    {"too small", "or its chain uses a weak signature algorithm or key",
	another_certificate, "certificate-invalid"},
    {"purpose", "is not valid for a server", another_certificate,
	"certificate-invalid"},
    {"issuer certificate", "is not signed by a trusted CA", set_trust_file,
	"certificate-untrusted"},
    {"self-signed", "is not signed by a trusted CA", set_trust_file,
	"certificate-untrusted"},
    {"self signed", "is not signed by a trusted CA", set_trust_file,
	"certificate-untrusted"},
    {"target host", "is issued for another name", check_host,
	"certificate-name"},
    {"target ip", "is issued for another name", check_host, "certificate-name"},
};

/*
 * Words of a failed handshake, of OpenSSL and GnuTLS.
 */
static const struct {
	const char *part;
	enum error_code code;
	const char *cause;
	const char *hint;
} handshake_faults[] = {
    {"wrong version number", ERROR_SECURITY, "tls-not-spoken", not_tls},
    {"http request", ERROR_SECURITY, "tls-not-spoken", not_tls},
    {"unexpected TLS packet", ERROR_SECURITY, "tls-not-spoken", not_tls},
    {"record overflow", ERROR_SECURITY, "tls-not-spoken", not_tls},
    {"packet length", ERROR_SECURITY, "tls-not-spoken", not_tls},
    {"internal error", ERROR_TEMPORARY, "tls-failed", check_later},
    {"protocol version", ERROR_SECURITY, "tls-obsolete", enable_tls},
    {"unsupported protocol", ERROR_SECURITY, "tls-obsolete", enable_tls},
    {"unsupported version", ERROR_SECURITY, "tls-obsolete", enable_tls},
    {"inappropriate fallback", ERROR_SECURITY, "tls-obsolete", enable_tls},
    {"handshake fail", ERROR_SECURITY, "tls-obsolete", enable_ciphers},
    {"insufficient security", ERROR_SECURITY, "tls-obsolete", enable_ciphers},
    {"too small", ERROR_SECURITY, "tls-obsolete", enable_ciphers},
    {"prime", ERROR_SECURITY, "tls-obsolete", enable_ciphers},
    {"cipher", ERROR_SECURITY, "tls-obsolete", enable_ciphers},
    {"signature type", ERROR_SECURITY, "tls-obsolete", enable_ciphers},
    {"renegotiation", ERROR_SECURITY, "tls-obsolete", enable_ciphers},
    {"unrecognized name", ERROR_SECURITY, "tls-failed", check_host},
    {"server name", ERROR_SECURITY, "tls-failed", check_host},
    {"certificate required", ERROR_SECURITY, "tls-failed", needs_certificate},
    {"certificate was required", ERROR_SECURITY, "tls-failed",
	needs_certificate},
};

/* Messages for a connection that closes during the handshake. */
static const char *const closed_messages[] = {
    "SSL_ERROR_SYSCALL",
    "Connection reset by peer",
    "unexpected eof",
};

static int explain_curl_connect(CURL *handle, const char *host,
    struct error *err);
static int explain_curl_tunnel(long status, const char *host,
    struct error *err);
static bool is_proxy_certificate(CURL *handle);
static int explain_curl_certificate(const char *text,
    const struct curl_peer *peer, struct error *err);
static int add_curl_hint(const char *hint, const struct curl_peer *peer,
    struct error *err);
static int explain_curl_handshake(const char *text, const char *host,
    struct error *err);
static bool is_connection_closed(const char *reason);

int
curl_failure_explain(CURL *handle, CURLcode failure, const char *text,
    const struct curl_peer *peer, struct error *err)
{
	const char *host = peer->policy.host;
	long tunnel_status = 0;
	long status = 0;

	curl_easy_getinfo(handle, CURLINFO_HTTP_CONNECTCODE, &tunnel_status);
	if (tunnel_status >= 300)
		return explain_curl_tunnel(tunnel_status, host, err);
	/* libcurl 7.88 reports a header line over 100 kB as out of memory. */
	curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
	if (failure == CURLE_OUT_OF_MEMORY && status != 0)
		return error_set(err, ERROR_TEMPORARY,
		    "%s: the response is longer than 64 KiB", host);
	if (failure == CURLE_COULDNT_CONNECT)
		return explain_curl_connect(handle, host, err);
	if (failure == CURLE_SSL_CONNECT_ERROR)
		return explain_curl_handshake(text, host, err);
	if (failure == CURLE_PEER_FAILED_VERIFICATION &&
	    !is_proxy_certificate(handle))
		return explain_curl_certificate(text, peer, err);
	for (size_t i = 0; i < sizeof curl_meanings / sizeof *curl_meanings;
	     i++) {
		if (curl_meanings[i].failure != failure)
			continue;
		error_set(err, curl_meanings[i].code, "%s: %s", host,
		    curl_meanings[i].what);
		error_set_cause(err, curl_meanings[i].cause);
		return add_curl_hint(curl_meanings[i].hint, peer, err);
	}
	return error_set(err, ERROR_TEMPORARY, "%s: %s", host,
	    curl_easy_strerror(failure));
}

static int
explain_curl_tunnel(long status, const char *host, struct error *err)
{
	error_set(err, ERROR_TEMPORARY,
	    "%s: the proxy refused to connect: status %ld", host, status);
	error_set_cause(err, "proxy");
	return error_hint(err, "%s", check_proxy);
}

static int
explain_curl_connect(CURL *handle, const char *host, struct error *err)
{
	long reason = 0;

	curl_easy_getinfo(handle, CURLINFO_OS_ERRNO, &reason);
	if (reason == 0)
		return error_set(err, ERROR_TEMPORARY, "%s: cannot connect",
		    host);
	errno = (int)reason;
	error_set_errno(err, ERROR_TEMPORARY, "%s", host);
	error_set_cause(err,
	    reason == ECONNREFUSED      ? "connection-refused"
		: reason == ENETUNREACH ? "no-network"
					: "port-filtered");
	return error_hint(err,
	    "check the network connection and the spelling of the host");
}

/* libcurl always verifies a proxy's certificate itself. */
static bool
is_proxy_certificate(CURL *handle)
{
	long result = 0;

	if (curl_peer_verifier() == CURL_PEER_VERIFIER_POSTRIDER)
		return true;
	curl_easy_getinfo(handle, CURLINFO_PROXY_SSL_VERIFYRESULT, &result);
	return result != 0;
}

static int
explain_curl_certificate(const char *text, const struct curl_peer *peer,
    struct error *err)
{
	const char *host = peer->policy.host;

	for (size_t i = 0;
	     i < sizeof certificate_faults / sizeof *certificate_faults; i++) {
		if (strstr(text, certificate_faults[i].part) == NULL)
			continue;
		error_set(err, ERROR_SECURITY, "%s: the certificate %s", host,
		    certificate_faults[i].what);
		error_set_cause(err, certificate_faults[i].cause);
		return add_curl_hint(certificate_faults[i].hint, peer, err);
	}
	error_set(err, ERROR_SECURITY, "%s: the certificate is not valid: %s",
	    host, text);
	error_set_cause(err, "certificate-invalid");
	return add_curl_hint(set_trust_file, peer, err);
}

static int
add_curl_hint(const char *hint, const struct curl_peer *peer, struct error *err)
{
	if (hint == set_trust_file)
		return error_hint(err,
		    "install or update the package ca-certificates; for a "
		    "server of your own, set %s to its CA. A network that "
		    "wants a sign-in in a browser has such certificates, too",
		    peer->policy.trust_setting);
	return hint != NULL ? error_hint(err, "%s", hint) : -1;
}

/* libcurl's text is "gnutls_handshake() failed: " and GnuTLS's message, or a
 * number, "SSL routines::" and OpenSSL's message. */
static int
explain_curl_handshake(const char *text, const char *host, struct error *err)
{
	static const char *const marks[] = {"failed: ", "SSL routines::"};
	const char *reason = text;

	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
		const char *mark = strstr(text, marks[i]);

		if (mark != NULL)
			reason = mark + strlen(marks[i]);
	}
	if (is_connection_closed(reason)) {
		error_set(err, ERROR_TEMPORARY,
		    "%s: the connection closed during the TLS handshake", host);
		error_set_cause(err, "connection-lost");
		return error_hint(err, "%s", check_way);
	}
	error_set(err, ERROR_SECURITY, "%s: TLS handshake failed: %s", host,
	    reason);
	error_set_cause(err, "tls-failed");
	error_hint(err, "%s", check_way);
	for (size_t i = 0;
	     i < sizeof handshake_faults / sizeof *handshake_faults; i++) {
		if (strcasestr(reason, handshake_faults[i].part) == NULL)
			continue;
		err->code = handshake_faults[i].code;
		error_set_cause(err, handshake_faults[i].cause);
		return error_hint(err, "%s", handshake_faults[i].hint);
	}
	return -1;
}

static bool
is_connection_closed(const char *reason)
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
	for (size_t i = 0; i < sizeof closed_messages / sizeof *closed_messages;
	     i++) {
		if (strstr(reason, closed_messages[i]) != NULL)
			return true;
	}
	return false;
}

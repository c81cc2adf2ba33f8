/* SPDX-License-Identifier: MIT */
/*
 * One table, and four failures that need a closer look. What a callback has
 * refused itself doesn't come here.
 */
#include "keeper/http-failure.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include <gnutls/gnutls.h>

static const char check_proxy[] =
    "check https_proxy and all_proxy in the environment";

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
    {CURLE_OUT_OF_MEMORY, ERROR_SYSTEM, "out of memory", NULL},
};

static int explain_connect(CURL *handle, const char *host, struct error *err);
static int explain_tunnel(long status, const char *host, struct error *err);
static int explain_handshake(const char *text, const char *host,
    struct error *err);
static bool is_end(const char *reason);

int
http_explain(CURL *handle, CURLcode failure, const char *text, const char *host,
    struct error *err)
{
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
	for (size_t i = 0; i < sizeof meanings / sizeof *meanings; i++) {
		if (meanings[i].failure != failure)
			continue;
		error_set(err, meanings[i].code, "%s: %s", host,
		    meanings[i].what);
		return meanings[i].hint != NULL
		    ? error_hint(err, "%s", meanings[i].hint)
		    : -1;
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

/* libcurl's text is "gnutls_handshake() failed: " and GnuTLS' own words. */
static int
explain_handshake(const char *text, const char *host, struct error *err)
{
	static const char mark[] = "failed: ";
	const char *reason = strstr(text, mark);

	reason = reason == NULL ? text : reason + sizeof mark - 1;
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
	static const int ends[] = {
	    GNUTLS_E_PREMATURE_TERMINATION,
	    GNUTLS_E_PULL_ERROR,
	    GNUTLS_E_PUSH_ERROR,
	};

	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
		if (strcmp(reason, gnutls_strerror(ends[i])) == 0)
			return true;
	}
	return false;
}

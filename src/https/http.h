/* SPDX-License-Identifier: MIT */
#ifndef HTTPS_HTTP_H
#define HTTPS_HTTP_H

/*
 * One HTTPS request and its answer, for the endpoints of OAuth2. Tokens and
 * client secrets go in and out, so the server is held to the rules of a mail
 * server (tls/verify.h) before a byte of the request leaves, no redirect is
 * followed, and everything has a bound.
 */

#include <stdint.h>

#include "base/error.h"
#include "base/secret.h"

struct http_request {
	const char *url;           /* https; borrowed like all of these */
	const struct secret *form; /* what to POST (https/form.h); NULL: GET */
	/* The content of an Authorization header, or NULL. */
	const struct secret *authorization;
	const char *trust_file; /* anchors, PEM; NULL: the system's */
	int64_t deadline_ms;    /* monotonic, for all of it */
};

struct http_response {
	long status;         /* RFC 9110 15; never 1xx or 3xx */
	struct secret *body; /* owned; at most SECRET_MAX bytes, NUL behind */
	int64_t date;        /* the Date header in seconds since 1970, else 0 */
};

/*
 * Sends the request and takes the whole answer; an answer of 4xx or 5xx is one.
 * ret is filled on success only, the caller then frees it with
 * http_response_done. Errors, which name the host and hold nothing of the form
 * or the answer:
 *
 * ERROR_CONFIG     the URL isn't https, holds a user name or password, or isn't
 *                  a URL; the trust file can't be read
 * ERROR_SECURITY   the certificate was refused (nothing was sent), or the TLS
 *                  handshake failed
 * ERROR_REFUSED    the answer is a redirect
 * ERROR_TEMPORARY  network, deadline, an answer that is cut, no HTTP, or longer
 *                  than 64 KiB
 * ERROR_SYSTEM     memory, or a libcurl without TLS
 *
 * A proxy is taken from https_proxy, all_proxy and no_proxy, as curl does; what
 * it sees is TLS.
 */
int http_send(const struct http_request *request, struct http_response *ret,
    struct error *err);

/* Wipes and frees the body. Harmless on one that is all zero. */
void http_response_done(struct http_response *response);

#endif

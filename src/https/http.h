/* SPDX-License-Identifier: MIT */
#ifndef HTTPS_HTTP_H
#define HTTPS_HTTP_H

/*
 * Sends one HTTPS request and reads the response. Requests and responses can
 * contain credentials, so the certificate is verified by the rules of
 * tls/verify.h before anything of the request is sent, redirects are not
 * followed, and size and time are limited.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/secret.h"

struct http_request {
	const char *url;           /* https; borrowed like all members */
	const struct secret *form; /* the body of a POST; NULL: GET */
	/* The value of an Authorization header field, or NULL. */
	const struct secret *authorization;
	const char *accept;        /* a media type; NULL: JSON */
	bool returns_redirect;     /* a 3xx response is a result */
	const char *trust_file;    /* anchors, PEM; NULL: the system's */
	const char *trust_setting; /* how hints name the source of trust_file */
	int64_t deadline_ms;       /* monotonic, for the whole exchange */
};

struct http_response {
	long status;         /* RFC 9110 15; never 1xx, 3xx as requested */
	struct secret *body; /* owned; at most SECRET_MAX bytes, then NUL */
	char *location; /* the absolute URL of a redirect, or NULL; owned */
	int64_t date;   /* the Date field in seconds since 1970, else 0 */
};

/*
 * Sends the request and reads the whole response, whatever its status except
 * 3xx, which is an error unless returns_redirect is set. *ret is filled on
 * success only; the caller then frees it with http_response_done. Error
 * messages name the host and contain nothing of the form or of the response:
 *
 * ERROR_CONFIG     the URL is not a valid https URL or contains a user name or
 *                  password; the trust file cannot be read
 * ERROR_SECURITY   the certificate was refused (nothing was sent), or the TLS
 *                  handshake failed
 * ERROR_REFUSED    the response is a redirect
 * ERROR_TEMPORARY  network error or timeout; the response is truncated, not
 *                  HTTP, or longer than 64 KiB
 * ERROR_SYSTEM     out of memory, or libcurl has no TLS
 *
 * The environment variables https_proxy, all_proxy and no_proxy are honoured as
 * curl does; a proxy sees only TLS.
 */
int http_send(const struct http_request *request, struct http_response *ret,
    struct error *err);

/* Wipes the body and frees. Accepts a zeroed struct. */
void http_response_done(struct http_response *response);

#endif

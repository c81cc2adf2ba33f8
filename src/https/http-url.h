/* SPDX-License-Identifier: MIT */
#ifndef HTTPS_HTTP_URL_H
#define HTTPS_HTTP_URL_H

/*
 * Whom an HTTPS request is for. This header needs libcurl's.
 */

#include <curl/curl.h>

#include "base/error.h"
#include "https/curl-peer.h"

struct http_url {
	CURLU *handle; /* what libcurl is given, so that both read it alike */
	char *host;    /* for messages: no brackets around an address */
	char *host_ascii; /* and without the trailing dot */
};

/*
 * Reads an https URL. Anything that isn't one, or that holds a user name, a
 * password or a byte outside printable ASCII, is ERROR_CONFIG. On failure too,
 * http_url_done is due.
 */
int http_url_init(struct http_url *parsed, const char *url, struct error *err);

/* Frees what it holds. Harmless on one that is all zero. */
void http_url_done(struct http_url *parsed);

/* Who must answer there: trust_file as in struct http_request; all of it is
 * borrowed. */
struct curl_peer http_url_peer(const struct http_url *parsed,
    const char *trust_file);

#endif

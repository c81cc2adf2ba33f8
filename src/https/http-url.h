/* SPDX-License-Identifier: MIT */
#ifndef HTTPS_HTTP_URL_H
#define HTTPS_HTTP_URL_H

/*
 * Parses the URL of an HTTPS endpoint. This header needs libcurl's.
 */

#include <curl/curl.h>

#include "base/error.h"
#include "https/curl-peer.h"

struct http_url {
	CURLU *handle;    /* for libcurl, so that it parses nothing again */
	char *host;       /* for messages; an address has no brackets */
	char *host_ascii; /* the same without a trailing dot */
};

/*
 * Parses an https URL. ERROR_CONFIG if url is not one, or if it contains a user
 * name, a password or a byte outside printable ASCII. The caller calls
 * http_url_done, even on failure.
 */
int http_url_init(struct http_url *parsed, const char *url, struct error *err);

/* Frees the members. Accepts a zeroed struct. */
void http_url_done(struct http_url *parsed);

/* How to verify the server at that URL. trust_file and trust_setting are those
 * of struct tls_policy; the result borrows them and parsed. */
struct curl_peer http_url_peer(const struct http_url *parsed,
    const char *trust_file, const char *trust_setting);

#endif

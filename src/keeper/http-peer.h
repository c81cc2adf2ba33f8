/* SPDX-License-Identifier: MIT */
#ifndef KEEPER_HTTP_PEER_H
#define KEEPER_HTTP_PEER_H

/*
 * Whom an HTTPS request is for, and whether it is they who answered. libcurl's
 * own check is switched off for this one: it knows no key purpose and takes a
 * name from the subject (7.88 with GnuTLS, 2026). This header needs libcurl's.
 */

#include <curl/curl.h>

#include "base/error.h"

struct http_peer {
	CURLU *url; /* what libcurl is given, so that both read it alike */
	char *host; /* for messages: no brackets around an address */
	char *host_ascii; /* and without the trailing dot */
};

/*
 * Reads an https URL. Anything that isn't one, or that holds a user name, a
 * password or a byte outside printable ASCII, is ERROR_CONFIG. On failure too,
 * http_peer_done is due.
 */
int http_peer_init(struct http_peer *peer, const char *url, struct error *err);

/* Frees what it holds. Harmless on one that is all zero. */
void http_peer_done(struct http_peer *peer);

/* Whether this libcurl lets us see its GnuTLS. ERROR_SYSTEM if not. */
int http_peer_can_check(struct error *err);

/*
 * Judges the certificate behind the TLS session that handle has open now.
 * trust_file as in struct http_request. ERROR_SECURITY, or ERROR_CONFIG for the
 * trust file; without a session to judge too.
 */
int http_peer_check(const struct http_peer *peer, CURL *handle,
    const char *trust_file, struct error *err);

#endif

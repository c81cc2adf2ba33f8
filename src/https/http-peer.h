/* SPDX-License-Identifier: MIT */
#ifndef HTTPS_HTTP_PEER_H
#define HTTPS_HTTP_PEER_H

/*
 * Whom an HTTPS request is for. This header needs libcurl's.
 */

#include <curl/curl.h>

#include "base/error.h"
#include "https/peer.h"

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

/* Who must answer there: trust_file as in struct http_request; all of it is
 * borrowed. */
struct peer http_peer_expect(const struct http_peer *peer,
    const char *trust_file);

#endif

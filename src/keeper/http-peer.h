/* SPDX-License-Identifier: MIT */
#ifndef KEEPER_HTTP_PEER_H
#define KEEPER_HTTP_PEER_H

/*
 * Whom an HTTPS request is for, and whether it is they who answered. This
 * header needs libcurl's.
 *
 * A libcurl with GnuTLS lends us its session, and its own check is switched
 * off: it knows no key purpose and takes a name from the subject (7.88, 2026).
 * Any other libcurl is the judge itself, as strict as it can be told to be. It
 * is laxer than tls/verify.h: a name in the subject counts where there is no
 * alternative one, a stapled revocation isn't looked at, and purpose, strength
 * and what a wildcard may cover are as its TLS library has them. With OpenSSL
 * (3.0, at Debian's security level of 2) only the first two differ.
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

/* Who says whether a certificate is good. */
enum http_judge {
	HTTP_JUDGE_US,     /* http_peer_check */
	HTTP_JUDGE_LIBCURL /* before the handshake ends */
};

/* Which of them, by the TLS library that libcurl speaks now. */
enum http_judge http_peer_judge(void);

/*
 * Tells handle, before it connects, who will judge, and whom libcurl may
 * believe if it is the judge. trust_file as in struct http_request, borrowed
 * for the call. ERROR_CONFIG for the trust file, ERROR_SYSTEM for a libcurl
 * that can't be told or has no TLS.
 */
int http_peer_prepare(CURL *handle, const char *trust_file, struct error *err);

/*
 * Judges the certificate behind the TLS session that handle has open now, if
 * that is upon us. trust_file as above. ERROR_SECURITY, or ERROR_CONFIG for the
 * trust file; without a session to judge too.
 */
int http_peer_check(const struct http_peer *peer, CURL *handle,
    const char *trust_file, struct error *err);

#endif

/* SPDX-License-Identifier: MIT */
#ifndef HTTPS_CURL_PEER_H
#define HTTPS_CURL_PEER_H

/*
 * Whether it is the right server that libcurl has connected to, by HTTPS or by
 * POP3. This header needs libcurl's.
 *
 * A libcurl with GnuTLS lends us its session, and its own check is switched
 * off: it knows no key purpose and takes a name from the subject (7.88, 2026).
 * Any other libcurl is the judge itself, as strict as it can be told to be. It
 * is laxer than tls/verify.h: a name in the subject counts where there is no
 * alternative one, a stapled revocation isn't looked at, and purpose, strength
 * and what a wildcard may cover are as its TLS library has them. With OpenSSL
 * (3.0, at Debian's security level of 2) only the first two differ. It knows no
 * pinned certificates.
 */

#include <stdbool.h>

#include <curl/curl.h>

#include "base/error.h"
#include "tls/verify.h"

/* All borrowed. */
struct curl_peer {
	struct tls_policy policy; /* with check_strength */
	const char *crl_file;     /* what is revoked, PEM; or NULL */
};

/* Who says whether a certificate is good. */
enum curl_peer_verifier {
	CURL_PEER_VERIFIER_POSTRIDER, /* curl_peer_check */
	CURL_PEER_VERIFIER_LIBCURL    /* before the handshake ends */
};

/* Which of them, by the TLS library that libcurl speaks now. */
enum curl_peer_verifier curl_peer_verifier(void);

/*
 * Tells handle, before it connects, who will judge, and whom libcurl may
 * believe if it is the judge. ERROR_CONFIG for the files or fingerprints,
 * ERROR_SYSTEM for a libcurl that can't be told or has no TLS.
 */
int curl_peer_prepare(CURL *handle, const struct curl_peer *peer,
    struct error *err);

/* Whether handle has a session that we could judge. */
bool curl_peer_has_session(CURL *handle);

/*
 * Judges the certificate behind the TLS session that handle has open now, if
 * that is upon us. ERROR_SECURITY, or ERROR_CONFIG for a file; without a
 * session to judge too.
 */
int curl_peer_check(CURL *handle, const struct curl_peer *peer,
    struct error *err);

#endif

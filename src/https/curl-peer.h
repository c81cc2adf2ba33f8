/* SPDX-License-Identifier: MIT */
#ifndef HTTPS_CURL_PEER_H
#define HTTPS_CURL_PEER_H

/*
 * Verifies the certificate of the server that libcurl has connected to, for any
 * protocol. This header needs libcurl's.
 *
 * If libcurl uses GnuTLS, libcurl's own check is switched off, and tls/verify.h
 * verifies its session instead: libcurl 7.88 ignores the key purpose and
 * accepts a name from the subject. Otherwise libcurl verifies, as strictly as
 * its options permit. That is laxer than tls/verify.h: a name in the subject
 * counts if there is no alternative name, a stapled revocation is ignored, and
 * key purpose, strength and wildcards follow the rules of its TLS library. With
 * OpenSSL 3.0 at Debian's security level 2, only the first two differ. Pinned
 * fingerprints are then not supported.
 */

#include <stdbool.h>

#include <curl/curl.h>

#include "base/error.h"
#include "tls/verify.h"

/* The server to accept. All members are borrowed. */
struct curl_peer {
	struct tls_policy policy; /* with check_strength */
	const char *crl_file;     /* a revocation list, PEM; or NULL */
	const char *priority;     /* see tls/priority.h; NULL: the default */
	const char *priority_setting; /* for hints, or NULL */
};

/* The code that verifies the certificate. */
enum curl_peer_verifier {
	CURL_PEER_VERIFIER_POSTRIDER, /* in curl_peer_check */
	CURL_PEER_VERIFIER_LIBCURL    /* during the handshake */
};

/* The verifier, which depends on the TLS library that libcurl uses now. */
enum curl_peer_verifier curl_peer_verifier(void);

/*
 * Configures the verification of peer in handle; to be called before it
 * connects. ERROR_CONFIG if a file cannot be read or if fingerprints are not
 * supported; ERROR_SYSTEM if libcurl rejects an option or has no TLS.
 */
int curl_peer_prepare(CURL *handle, const struct curl_peer *peer,
    struct error *err);

/* Whether handle has a TLS session that curl_peer_check can verify. */
bool curl_peer_has_session(CURL *handle);

/*
 * Verifies the certificate of the TLS session that handle has open now, unless
 * libcurl has verified it. ERROR_SECURITY if the certificate is refused or if
 * there is no session; ERROR_CONFIG if a file cannot be read.
 */
int curl_peer_check(CURL *handle, const struct curl_peer *peer,
    struct error *err);

#endif

/* SPDX-License-Identifier: MIT */
#ifndef TLS_VERIFY_H
#define TLS_VERIFY_H

/* Whether the certificate that a server shows is the one of our host. */

#include <stdbool.h>
#include <stddef.h>

#include <gnutls/gnutls.h>

#include "base/error.h"

/* Whom to believe. All pointers are borrowed for the call. */
struct tls_policy {
	const char *host;       /* as the user wrote it, for messages */
	const char *host_ascii; /* with A-labels, without a trailing dot */
	const char *trust_file; /* anchors, PEM; NULL: the system's */

	char *const *fingerprint; /* SHA-256 of the certificate, in hex; one
				     that matches replaces the chain */
	size_t fingerprint_count;

	/* The session's priority doesn't ask for %PROFILE_MEDIUM: hold the
	   chain to it all the same. */
	bool check_strength;

	/* What a hint names: the setting of trust_file, and that of the
	   fingerprints (NULL: there is none). */
	const char *trust_setting;
	const char *fingerprint_setting;
};

/*
 * Judges the chain that the peer of session has presented. credentials is what
 * the session uses; trust anchors are added to it as they are needed, and a CRL
 * in it counts. ERROR_SECURITY says what is wrong with the certificate and what
 * to do.
 */
int verify_peer(gnutls_session_t session,
    gnutls_certificate_credentials_t credentials,
    const struct tls_policy *policy, struct error *err);

#endif

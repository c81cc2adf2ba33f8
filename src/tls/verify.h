/* SPDX-License-Identifier: MIT */
#ifndef TLS_VERIFY_H
#define TLS_VERIFY_H

/* Verifies the certificate of a server. */

#include <stdbool.h>
#include <stddef.h>

#include <gnutls/gnutls.h>

#include "base/error.h"

/* Which certificate to accept. All pointers are borrowed for the call. */
struct tls_policy {
	const char *host;       /* as the user wrote it, for messages */
	const char *host_ascii; /* with A-labels, without a trailing dot */
	const char *trust_file; /* PEM file of trust anchors; NULL: system */

	char *const *fingerprint; /* SHA-256 of the certificate in hex; if
				     set, one must match, and the chain
				     is not checked */
	size_t fingerprint_count;

	/* Require %PROFILE_MEDIUM for the chain, for sessions whose priority
	   string does not. */
	bool check_strength;

	/* The settings of trust_file and fingerprint, for hints; the latter may
	   be NULL. Without either, the hint has ERROR_TOPIC_SERVER_TRUST, and
	   contains the options by which "openssl s_client" reaches the server.
	 */
	const char *trust_setting;
	const char *fingerprint_setting;
	const char *s_client_options;
};

/*
 * Verifies the certificate chain that the peer of session has sent. Adds the
 * necessary trust anchors to credentials, those of the session; a CRL in them
 * is used. ERROR_SECURITY, with a message and a hint about the certificate.
 */
int verify_peer(gnutls_session_t session,
    gnutls_certificate_credentials_t credentials,
    const struct tls_policy *policy, struct error *err);

#endif

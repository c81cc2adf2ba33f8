/* SPDX-License-Identifier: MIT */
#ifndef TLS_PRIORITY_H
#define TLS_PRIORITY_H

/*
 * Selects the TLS versions and cipher suites that may be used, as a priority
 * string of GnuTLS.
 */

#include <stdbool.h>

#include <gnutls/gnutls.h>

#include "base/error.h"

/* The default: TLS 1.3, and of TLS 1.2 only ECDHE with AEAD ciphers (RFC 9325
 * sections 3.1 and 4.2). */
extern const char tls_priority_default[];

/*
 * Makes session offer what the priority string permits; NULL is the default.
 * ERROR_CONFIG, with the position of the first part that GnuTLS does not know.
 */
int tls_priority_set(gnutls_session_t session, const char *priority,
    struct error *err);

/*
 * Checks that the priority string permits what session has negotiated, for a
 * session that someone else set up. host is for messages. ERROR_CONFIG as
 * above; ERROR_SECURITY.
 */
int tls_priority_check(gnutls_session_t session, const char *priority,
    const char *host, struct error *err);

#endif

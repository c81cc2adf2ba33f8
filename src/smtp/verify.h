/* SPDX-License-Identifier: MIT */
#ifndef SMTP_VERIFY_H
#define SMTP_VERIFY_H

/* Whether the certificate that a server shows is the one of our host. */

#include <gnutls/gnutls.h>

#include "base/error.h"
#include "smtp/params.h"

/*
 * Judges the chain that the peer of session has presented. credentials is what
 * the session uses; trust anchors are added to it as they are needed.
 * host_ascii is the host with A-labels and without a trailing dot.
 * ERROR_SECURITY says what is wrong with the certificate and what to do.
 */
int verify_peer(gnutls_session_t session,
    gnutls_certificate_credentials_t credentials, const char *host_ascii,
    const struct smtp_params *params, struct error *err);

#endif

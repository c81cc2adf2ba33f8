/* SPDX-License-Identifier: MIT */
#ifndef OAUTH2_AUTHORIZE_URL_H
#define OAUTH2_AUTHORIZE_URL_H

/*
 * Builds the URL of the authorization request (RFC 6749 4.1.1) with the PKCE
 * challenge (RFC 7636 4.3).
 */

#include "base/error.h"
#include "base/secret.h"
#include "oauth2/authorize.h"

/*
 * Appends the URL to url, which must be empty. ERROR_CONFIG if the endpoint is
 * not https (http is allowed for loopback hosts) or contains characters that
 * are unsafe in a terminal or a command line: it may come from the network.
 */
int authorize_url(struct secret *url,
    const struct authorization_request *request, const char *redirect_uri,
    const struct secret *state, const struct secret *verifier,
    struct error *err);

#endif

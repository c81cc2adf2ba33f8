/* SPDX-License-Identifier: MIT */
#ifndef OAUTH2_AUTHORIZE_URL_H
#define OAUTH2_AUTHORIZE_URL_H

/*
 * The address of the page on which a person signs in: the authorization
 * request of RFC 6749 4.1.1 with the challenge of RFC 7636 4.3.
 */

#include "base/error.h"
#include "base/secret.h"
#include "oauth2/authorize.h"

/*
 * Adds the URL to an empty secret. ERROR_CONFIG when the endpoint isn't https
 * (http is allowed on this machine), or not fit to be shown and handed to a
 * browser; it may come from the network.
 */
int authorize_url(struct secret *url,
    const struct authorization_request *request, const char *redirect_uri,
    const struct secret *state, const struct secret *verifier,
    struct error *err);

#endif

/* SPDX-License-Identifier: MIT */
#ifndef SMTP_BEARER_H
#define SMTP_BEARER_H

/* XOAUTH2 (Google's and Microsoft's) and OAUTHBEARER (RFC 7628): a token. */

#include "base/error.h"
#include "smtp/sasl.h"

/*
 * Puts the whole response of the mechanism, base64 in one line, into response.
 * ERROR_AUTH when user or token hold what can't be in one.
 */
int bearer_response(const struct sasl_mechanism *mechanism,
    const struct smtp_params *params, const struct secret *token,
    struct secret *response, struct error *err);

/*
 * The answer to a 334 that explains a refusal, after which the server says 5xx:
 * an empty line for XOAUTH2, "AQ==" for OAUTHBEARER (RFC 7628 3.2.3).
 */
const char *bearer_acknowledgement(const struct sasl_mechanism *mechanism);

#endif

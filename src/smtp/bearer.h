/* SPDX-License-Identifier: MIT */
#ifndef SMTP_BEARER_H
#define SMTP_BEARER_H

/* The mechanisms that carry an OAuth2 token: XOAUTH2 (Google, Microsoft) and
 * OAUTHBEARER (RFC 7628). */

#include "base/error.h"
#include "smtp/sasl.h"
#include "smtp/transcript.h"
#include "smtp/wire.h"

/*
 * Adds the whole response (base64, one line) to response. ERROR_AUTH if the
 * user name or the token contains a character that the mechanism can't carry.
 */
int bearer_response(const struct sasl_mechanism *mechanism,
    const struct smtp_params *params, const struct secret *token,
    struct secret *response, struct error *err);

/*
 * Returns the response to a 334 that explains a refusal, after which the server
 * replies 5xx: an empty line for XOAUTH2, "AQ==" for OAUTHBEARER (RFC 7628
 * section 3.2.3).
 */
const char *bearer_acknowledgement(const struct sasl_mechanism *mechanism);

enum {
	BEARER_REASON_SIZE = 256
};

/*
 * Decodes the JSON (in base64) of a 334 that explains a refusal (RFC 7628
 * section 3.2.2), adds it to the transcript and writes its status, printable,
 * to reason, which stays unchanged if there is none. Secrets that the server
 * quotes in it are redacted.
 */
void bearer_read_refusal(const char *challenge, const struct wire *wire,
    const struct transcript *transcript, char reason[BEARER_REASON_SIZE]);

/* Appends the reason, unless it is "", to the message of err. */
void bearer_add_reason(const char *reason, struct error *err);

#endif

/* SPDX-License-Identifier: MIT */
#ifndef OAUTH2_REDIRECT_H
#define OAUTH2_REDIRECT_H

/*
 * What the browser brings back from the authorization server: the parameters
 * of a redirect (RFC 6749 4.1.2, RFC 9207), and whether they may be believed.
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/secret.h"

enum redirect_parameter {
	REDIRECT_CODE,
	REDIRECT_STATE,
	REDIRECT_ISS,
	REDIRECT_ERROR,
	REDIRECT_DESCRIPTION,
	REDIRECT_PARAMETER_COUNT
};

/* All are held as secrets, because the code is one; it is never shown. */
struct redirect {
	struct secret *value[REDIRECT_PARAMETER_COUNT]; /* NULL: not there */
};

/* Nothing yet: redirect_done is harmless on it. */
void redirect_init(struct redirect *redirect);

/* Wipes and frees. */
void redirect_done(struct redirect *redirect);

/*
 * Reads a query string, without its "?". Unknown parameters are ignored, empty
 * ones count as absent. ERROR_DATA when a known one comes twice (RFC 6749 3.1)
 * or can't be decoded; the message then completes "an answer whose ...".
 */
int redirect_parse(struct redirect *redirect, const char *query, size_t len,
    struct error *err);

/*
 * Whether it is an answer to the request with this state, compared in constant
 * time. If not, ERROR_DATA, with a message as above: anybody may have sent it.
 */
int redirect_check_state(const struct redirect *redirect,
    const struct secret *state, struct error *err);

/*
 * Whether an answer to our request brings a code to use. ERROR_SECURITY when it
 * comes from another issuer than the one asked, or from none though the server
 * always names itself (RFC 9207 2.4); issuer may be NULL when it isn't known.
 * ERROR_AUTH when the answer is no: error and error_description are then in the
 * message, printable and capped.
 */
int redirect_check_result(const struct redirect *redirect, const char *issuer,
    bool issuer_required, struct error *err);

/* Whether the person, or the server on their behalf, said no. */
bool redirect_is_declined(const struct redirect *redirect);

#endif

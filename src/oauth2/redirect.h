/* SPDX-License-Identifier: MIT */
#ifndef OAUTH2_REDIRECT_H
#define OAUTH2_REDIRECT_H

/*
 * Parses and checks the parameters of a redirect from the authorization server
 * (RFC 6749 4.1.2, RFC 9207).
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

/* All values are kept as secrets because the code is one. */
struct redirect {
	struct secret *value[REDIRECT_PARAMETER_COUNT]; /* NULL: absent */
};

/* Makes it empty. */
void redirect_init(struct redirect *redirect);

/* Wipes and frees. */
void redirect_done(struct redirect *redirect);

/*
 * Parses a query string without its "?". Unknown parameters are ignored, and
 * empty ones are treated as absent. ERROR_DATA if a known parameter appears
 * twice (RFC 6749 3.1) or cannot be decoded; the message is then one that can
 * follow "redirect ignored: ".
 */
int redirect_parse(struct redirect *redirect, const char *query, size_t len,
    struct error *err);

/*
 * Checks, in constant time, that the redirect has the state of our request.
 * Otherwise ERROR_DATA, with a message as above: anyone can have sent it.
 */
int redirect_check_state(const struct redirect *redirect,
    const struct secret *state, struct error *err);

/*
 * Checks that a redirect with our state contains a code. ERROR_SECURITY if it
 * comes from another issuer, or names none though the server always does (RFC
 * 9207 2.4); issuer is NULL if unknown. ERROR_AUTH if it reports an error; the
 * message then contains error and error_description, printable and truncated.
 */
int redirect_check_result(const struct redirect *redirect, const char *issuer,
    bool issuer_required, struct error *err);

/* Whether the redirect reports access_denied. */
bool redirect_is_declined(const struct redirect *redirect);

#endif

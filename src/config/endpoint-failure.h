/* SPDX-License-Identifier: MIT */
#ifndef CONFIG_ENDPOINT_FAILURE_H
#define CONFIG_ENDPOINT_FAILURE_H

/*
 * What the errors of OAuth2 endpoints mean: a cause (base/cause.h), whether a
 * retry can help, and a hint. The table is in endpoint-failures.c.
 */

#include <stdbool.h>

#include "base/error.h"

enum {
	ENDPOINT_NUMBERS_MAX = 6
};

enum endpoint_outcome {
	ENDPOINT_REFUSED, /* until somebody changes something */
	ENDPOINT_OVER,    /* the same, and the refresh token is spent */
	ENDPOINT_SOON,    /* a retry can succeed */
	ENDPOINT_LATER    /* the same, but not within minutes */
};

/* A row of the table applies if all conditions hold that it has. */
struct endpoint_failure {
	const char *error; /* RFC 6749, RFC 8628, OpenID or of a provider */
	struct {
		long from;
		long to;                /* 0: the same */
	} number[ENDPOINT_NUMBERS_MAX]; /* Microsoft's AADSTS numbers */
	const char *says; /* parts of the message, separated by "|" */
	enum endpoint_outcome outcome;
	const char *cause;
	const char *hint; /* "%s" is the account */
};

/* Ends with a row whose cause is NULL. */
extern const struct endpoint_failure endpoint_failures[];

/*
 * Adds cause and hint to err, an error whose message contains that of the
 * endpoint, and sets its code if a retry can help. error is the error code of
 * the response, or NULL. account, for "postrider login ...", is its name or
 * address. Leaves err unchanged if no row applies. Always returns -1.
 */
int endpoint_failure_explain(struct error *err, const char *error,
    const char *account);

/* Whether the refresh token that was sent is spent for good. */
bool endpoint_failure_ends_sign_in(const struct error *err, const char *error);

#endif

/* SPDX-License-Identifier: MIT */
#ifndef CONFIG_ENDPOINT_FAILURE_H
#define CONFIG_ENDPOINT_FAILURE_H

/*
 * What the errors of OAuth2 endpoints mean: a cause (base/cause.h), whether a
 * retry can help, and a hint. The table is in endpoint-failures.c.
 */

#include <stdbool.h>

#include "base/error.h"
#include "config/account.h"

enum endpoint_outcome {
	ENDPOINT_REFUSED, /* until somebody changes something */
	ENDPOINT_OVER,    /* the same, and the refresh token is spent */
	ENDPOINT_SOON,    /* a retry can succeed */
	ENDPOINT_LATER    /* the same, but not within minutes */
};

/* What was being done. The values are bits. */
enum endpoint_step {
	ENDPOINT_AT_BROWSER = 1,     /* the page, or the redirect from it */
	ENDPOINT_AT_CODE = 2,        /* the exchange of its code */
	ENDPOINT_AT_DEVICE = 4,      /* the device grant */
	ENDPOINT_AT_RENEWAL = 8,     /* the use of a refresh token */
	ENDPOINT_AT_APPLICATION = 16 /* client credentials */
};

/* How the client authenticates. */
enum endpoint_client {
	ENDPOINT_CLIENT_ANY,
	ENDPOINT_CLIENT_PUBLIC,
	ENDPOINT_CLIENT_SECRET,
	ENDPOINT_CLIENT_KEY
};

/* The request that failed. All texts are borrowed; those that are unknown are
 * NULL. */
struct endpoint_request {
	const char
	    *account; /* for "postrider login ..."; its name or address */
	const char *user;
	const char *provider; /* its name */
	const char *redirect; /* the URI, without a port */
	enum endpoint_step at;
	enum endpoint_client client;
};

/* A row of the table applies if all conditions hold that it has. */
struct endpoint_failure {
	const char *error;  /* RFC 6749, RFC 8628, OpenID or of a provider */
	const char *number; /* Microsoft's: "50020 500200-500209"; "1-": any,
			     * "0": none */
	const char *says;   /* parts of the message, separated by "|" */
	unsigned at;        /* enum endpoint_step */
	const char *from;   /* parts of the provider's name or the URL */
	enum endpoint_client client;
	enum endpoint_outcome outcome;
	const char *cause;
	const char *hint; /* with the marks of endpoint-failure.c */
};

/* Ends with a row whose cause is NULL. */
extern const struct endpoint_failure endpoint_failures[];

/* The request of an account. */
struct endpoint_request endpoint_request_of(const struct account *account,
    enum endpoint_step at);

/*
 * Adds cause and hint to err, an error whose message contains that of the
 * endpoint, and sets its code if a retry can help. error is the error code of
 * the response, or NULL. Leaves err unchanged if no row applies. Always returns
 * -1.
 */
int endpoint_failure_explain(struct error *err, const char *error,
    const struct endpoint_request *request);

/* Whether the refresh token that was sent is spent for good. */
bool endpoint_failure_ends_sign_in(const struct error *err, const char *error,
    const struct endpoint_request *request);

/* The first error code of the table that text contains as a word, or NULL. For
 * what a page in a browser shows. */
const char *endpoint_failure_find_error(const char *text);

#endif

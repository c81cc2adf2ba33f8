/* SPDX-License-Identifier: MIT */
#ifndef OAUTH2_ENDPOINTS_H
#define OAUTH2_ENDPOINTS_H

/*
 * Where an account's tokens come from: what its provider says, and what the
 * issuer says of itself (RFC 8414, OpenID Connect Discovery 1.0) where the
 * provider says nothing.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "config/account.h"

enum endpoint {
	ENDPOINT_AUTHORIZATION,
	ENDPOINT_TOKEN,
	ENDPOINT_DEVICE,
	ENDPOINT_REVOCATION,
	ENDPOINT_COUNT
};

struct endpoints {
	const struct account *account; /* borrowed */
	char *url[ENDPOINT_COUNT];     /* NULL: none, or not known yet */
	char *issuer;                  /* or NULL */
	bool issuer_required;          /* each redirect names it (RFC 9207 3) */
	bool wants_basic; /* takes client secrets in a header only */
	bool is_discovered;
};

/*
 * What the provider says, with the tenant filled in. ERROR_CONFIG when nobody
 * says anything, or a tenant is missing.
 */
int endpoints_init(struct endpoints *endpoints, const struct account *account,
    struct error *err);

/* Harmless on one whose _init failed. */
void endpoints_done(struct endpoints *endpoints);

/* Gives the token endpoint that was found earlier, if it came from the issuer
 * that is the provider's now: spares a discovery. Either may be NULL. */
int endpoints_remember(struct endpoints *endpoints, const char *issuer,
    const char *token_url, struct error *err);

/*
 * Whether tokens of that issuer and token endpoint, either of which may be
 * NULL, are this provider's: those of another server are not shown to it.
 */
bool endpoints_issued(const struct endpoints *endpoints, const char *issuer,
    const char *token_url);

/*
 * Makes sure that an endpoint is known; the issuer is asked if need be. An
 * endpoint that there isn't, or isn't https, is ERROR_CONFIG; the errors of
 * https/http.h are added.
 */
int endpoints_require(struct endpoints *endpoints, enum endpoint which,
    int64_t deadline_ms, struct error *err);

/* The same for an endpoint that may be missing. */
int endpoints_look_up(struct endpoints *endpoints, enum endpoint which,
    int64_t deadline_ms, struct error *err);

#endif

/* SPDX-License-Identifier: MIT */
#ifndef OAUTH2_ENDPOINTS_H
#define OAUTH2_ENDPOINTS_H

/*
 * The OAuth2 endpoints of an account: those that its provider configures, and
 * for others the issuer's metadata (RFC 8414, OpenID Connect Discovery 1.0).
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
	bool issuer_required; /* each redirect contains it (RFC 9207 3) */
	bool wants_basic;     /* accepts client secrets only in a header */
	bool is_discovered;
};

/*
 * Fills in the endpoints that the provider configures, with the tenant
 * inserted. ERROR_CONFIG if the account has no provider, or if the tenant is
 * missing.
 */
int endpoints_init(struct endpoints *endpoints, const struct account *account,
    struct error *err);

/* Frees the members, even if endpoints_init has failed. */
void endpoints_done(struct endpoints *endpoints);

/* Sets the token endpoint that an earlier discovery found, provided that issuer
 * is still the provider's; this saves a discovery. Either may be NULL. */
int endpoints_remember(struct endpoints *endpoints, const char *issuer,
    const char *token_url, struct error *err);

/*
 * Whether tokens that this issuer and token endpoint issued belong to this
 * provider; they must not be sent to any other server. Either may be NULL.
 */
bool endpoints_issued(const struct endpoints *endpoints, const char *issuer,
    const char *token_url);

/*
 * Makes sure that an endpoint is known, by discovery if necessary.
 * ERROR_CONFIG if there is none or if it is not https; otherwise the errors of
 * https/http.h.
 */
int endpoints_require(struct endpoints *endpoints, enum endpoint which,
    int64_t deadline_ms, struct error *err);

/* Like endpoints_require, but succeeds if there is no such endpoint. */
int endpoints_look_up(struct endpoints *endpoints, enum endpoint which,
    int64_t deadline_ms, struct error *err);

#endif

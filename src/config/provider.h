/* SPDX-License-Identifier: MIT */
#ifndef CONFIG_PROVIDER_H
#define CONFIG_PROVIDER_H

/*
 * What is known of a mail provider. The registry (providers.conf) and a user's
 * provider blocks have the same syntax; a user's block of the same name
 * overrides field by field.
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "config/settings.h"

enum provider_sign_in {
	PROVIDER_OAUTH2 = 1,
	PROVIDER_APP_PASSWORD = 2, /* made on the web, not the account's own */
	PROVIDER_PASSWORD = 4,     /* the account's own */
	PROVIDER_KEY = 8           /* an API key, token or code as password */
};

enum provider_field {
	PROVIDER_TITLE,     /* for people: "Gmail" */
	PROVIDER_TLS_MODES, /* list: what it offers, best first */
	PROVIDER_DOMAINS,   /* list; "gmx.*" is any country's */
	PROVIDER_MX,        /* list of patterns of MX hosts, "*.google.com" */
	PROVIDER_SIGN_IN,   /* list, best first: see sign_in below */
	PROVIDER_USER_FORM, /* "address", "local-part", "explicit" (no guess
			       is right), or the one user name that all have */
	PROVIDER_CREDENTIAL_HELP, /* where to make an app password */
	PROVIDER_UNAVAILABLE,     /* why there is no submission at all */
	PROVIDER_SIZE_LIMIT, /* bytes, for people: the server's SIZE decides */
	PROVIDER_NOTE,       /* limits and traps, for people */
	PROVIDER_BEARER,     /* list: SASL mechanisms for OAuth2, best first */
	PROVIDER_ISSUER, /* may hold "{tenant}", as all URLs here; alone: the
			    rest is asked there (RFC 8414) */
	PROVIDER_AUTHORIZATION_URL,
	PROVIDER_AUTHORIZATION_PARAMETERS, /* "access_type=offline&..." */
	PROVIDER_TOKEN_URL,
	PROVIDER_DEVICE_URL,
	PROVIDER_DEVICE_UNAVAILABLE, /* why device codes are of no use */
	PROVIDER_REVOCATION_URL,
	PROVIDER_REDIRECT,    /* "http://localhost": the port is added */
	PROVIDER_APP_SCOPE,   /* of the grant client-credentials */
	PROVIDER_CLIENT_HELP, /* where and how to register a client */
	PROVIDER_CLIENT_SECRET_NEEDED, /* "yes": wants one of people's programs
					  too */
	PROVIDER_FIELD_COUNT
};

struct provider {
	char *name;
	struct settings settings; /* host, port, tls, auth, ... */

	/* By enum provider_field, NULL: not known; a list as
	 * config/value-list.h. */
	char *text[PROVIDER_FIELD_COUNT];
	unsigned sign_in; /* PROVIDER_SIGN_IN as enum provider_sign_in bits */
};

/* NULL on failure. */
struct provider *provider_new(const char *name, struct error *err);

/* Accepts NULL. */
void provider_free(struct provider *provider);

/* The name of a field as in the file, and whether it is a list. */
const char *provider_field_name(enum provider_field field);
bool provider_field_is_list(enum provider_field field);

/* Finds a field by that name. Returns false when there is none. */
bool provider_field_find(const char *name, enum provider_field *ret_field);

/*
 * Sets a field from its text; origin names the place in errors. ERROR_CONFIG.
 */
int provider_set(struct provider *provider, enum provider_field field,
    const char *text, const char *origin, struct error *err);

/* Moves into provider what other knows and provider doesn't. */
void provider_fill(struct provider *provider, struct provider *other);

/*
 * Whether a mail domain is the provider's: one that is spelt out, or by a
 * pattern "name.*", which any top-level domain matches, and "co" or the like
 * before a country's.
 */
bool provider_has_domain(const struct provider *provider, const char *domain);
bool provider_has_domain_like(const struct provider *provider,
    const char *domain);

/* Whether an MX host is the provider's. One trailing dot doesn't matter. */
bool provider_has_mx(const struct provider *provider, const char *host);

#endif

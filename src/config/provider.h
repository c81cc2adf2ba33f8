/* SPDX-License-Identifier: MIT */
#ifndef CONFIG_PROVIDER_H
#define CONFIG_PROVIDER_H

/*
 * A mail provider: its settings and other facts. The registry (the directory
 * providers) and provider blocks of the configuration file have the same
 * syntax; fields in the configuration override those of the registry.
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "config/provider-fields.h"
#include "config/settings.h"

enum provider_sign_in {
	PROVIDER_OAUTH2 = 1,
	PROVIDER_APP_PASSWORD = 2, /* created on the provider's site */
	PROVIDER_PASSWORD = 4,     /* of the account */
	PROVIDER_KEY = 8           /* an API key, token or code as password */
};

struct provider {
	char *name;
	struct settings settings; /* host, port, tls, auth, ... */
	bool is_builtin;          /* in the registry */

	/* Indexed by enum provider_field; NULL if not set. Lists are as in
	 * config/value-list.h. */
	char *text[PROVIDER_FIELD_COUNT];
	unsigned sign_in; /* PROVIDER_SIGN_IN as enum provider_sign_in bits */
};

/* NULL on failure. */
struct provider *provider_new(const char *name, struct error *err);

/* Accepts NULL. */
void provider_free(struct provider *provider);

/* The name of a field in the configuration, and whether it is a list. */
const char *provider_field_name(enum provider_field field);
bool provider_field_is_list(enum provider_field field);

/* Finds a field by name. Returns false if there is none. */
bool provider_field_find(const char *name, enum provider_field *ret_field);

/*
 * Sets a field. ERROR_CONFIG if the text is invalid; the message begins with
 * origin.
 */
int provider_set(struct provider *provider, enum provider_field field,
    const char *text, const char *origin, struct error *err);

/* Moves the fields and settings of other that provider lacks to provider. */
void provider_fill(struct provider *provider, struct provider *other);

/* Returns the number in a field; fallback if it isn't set, or if provider is
 * NULL. */
unsigned provider_number(const struct provider *provider,
    enum provider_field field, unsigned fallback);

/*
 * Whether a mail domain belongs to the provider: because it is listed; or
 * because it matches a pattern "name.*", where the star stands for a top-level
 * domain or one like "co.uk".
 */
bool provider_has_domain(const struct provider *provider, const char *domain);
bool provider_has_domain_like(const struct provider *provider,
    const char *domain);

/* Whether an MX host belongs to the provider. A trailing dot is ignored. */
bool provider_has_mx(const struct provider *provider, const char *host);

/* Whether host is the provider's server, in whatever region. */
bool provider_has_host(const struct provider *provider, const char *host);

#endif

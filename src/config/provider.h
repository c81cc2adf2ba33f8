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

struct provider {
	char *name;
	char *title;              /* for people: "Gmail" */
	struct settings settings; /* host, port, tls, auth, ... */
	char **domain; /* mail domains; "gmx.*" matches any last label */
	size_t domain_count;
	char **mx; /* patterns of MX hosts, "*.google.com" */
	size_t mx_count;
	unsigned sign_in; /* enum provider_sign_in bits, best first unknown */
	char *user_form;  /* "address", "local-part", or a fixed user name */
	char *credential_help; /* where to make an app password; or NULL */
	char *unavailable;     /* why there is no submission at all; or NULL */
};

#endif

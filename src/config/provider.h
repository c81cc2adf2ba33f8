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
#include "config/settings.h"

enum provider_sign_in {
	PROVIDER_OAUTH2 = 1,
	PROVIDER_APP_PASSWORD = 2, /* created on the provider's site */
	PROVIDER_PASSWORD = 4,     /* of the account */
	PROVIDER_KEY = 8           /* an API key, token or code as password */
};

enum provider_field {
	PROVIDER_TITLE,       /* display name: "Gmail" */
	PROVIDER_TLS_MODES,   /* list: modes that it offers, best first */
	PROVIDER_OTHER_PORTS, /* list: ports that it has besides 465 and
				 587, "2525" or "2465/implicit" */
	PROVIDER_DOMAINS,     /* list; "gmx.*" matches any country's */
	PROVIDER_MX,          /* list of patterns of MX hosts, "*.google.com" */
	PROVIDER_SIGN_IN,     /* list, best first: see sign_in below */
	PROVIDER_USER_FORM,   /* form of the user name: "address", "local-part",
				 "explicit" (user must be set), or the user name
				 that all accounts share */
	PROVIDER_USER_SHAPE,  /* list: how a user name looks (shape.h) */
	PROVIDER_SECRET_SHAPE,    /* list: how an app password or key looks */
	PROVIDER_CREDENTIAL_HELP, /* how to get an app password or key */
	PROVIDER_UNAVAILABLE,     /* why it has no submission server */
	PROVIDER_SIZE_LIMIT,  /* bytes; informative: SIZE takes precedence */
	PROVIDER_LIMITS,      /* of messages, recipients, connections */
	PROVIDER_SMTP_SWITCH, /* where the user or an administrator permits
				 SMTP, if it is off by default */
	PROVIDER_SENDER_HELP, /* where other senders are permitted */
	PROVIDER_NOTE,        /* pitfalls, shown to users */
	PROVIDER_MESSAGE_ID_REPLY,  /* how the reply to a message names a new
				       Message-ID: "<*>" */
	PROVIDER_MESSAGE_ID_DOMAIN, /* list: the domain that it lacks,
				       "REGION=" before it for one region */
	PROVIDER_ORIGINAL_ID, /* the field that keeps a replaced Message-ID */
	PROVIDER_SENT_COPY,   /* "yes", "no": it files what SMTP submits */
	PROVIDER_IMAP_SCOPE,  /* what IMAP needs, if scope doesn't have it */
	PROVIDER_BEARER,      /* list: SASL mechanisms for OAuth2, best first */

	/* As the URLs below it may contain "{tenant}". URLs that aren't set are
	 * fetched from the issuer's metadata (RFC 8414). */
	PROVIDER_ISSUER,
	PROVIDER_AUTHORIZATION_URL,
	PROVIDER_AUTHORIZATION_PARAMETERS, /* "access_type=offline&..." */
	PROVIDER_TOKEN_URL,
	PROVIDER_DEVICE_URL,
	PROVIDER_DEVICE_UNAVAILABLE, /* why the device grant doesn't work */
	PROVIDER_REVOCATION_URL,
	PROVIDER_REDIRECT,    /* "http://localhost": the port is added */
	PROVIDER_APP_SCOPE,   /* for the grant client-credentials */
	PROVIDER_CLIENT_HELP, /* how to register a client */
	PROVIDER_CLIENT_SECRET_NEEDED, /* "yes": native clients need one too */
	PROVIDER_FIELD_COUNT
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

/* Whether host is the provider's server; "{region}" stands for one label. */
bool provider_has_host(const struct provider *provider, const char *host);

#endif

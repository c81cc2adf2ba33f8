/* SPDX-License-Identifier: MIT */
#ifndef CONFIG_PROVIDER_FIELDS_H
#define CONFIG_PROVIDER_FIELDS_H

/* The fields of a provider. Their names are in config/provider.c. */

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
	PROVIDER_SIZE_LIMIT, /* bytes; informative: SIZE takes precedence */
	PROVIDER_LIMITS,     /* of messages, recipients, connections */
	PROVIDER_SESSIONS,   /* how many it allows at once, as the next, a
				number; used where sessions are held */
	PROVIDER_MESSAGES_PER_SESSION,
	PROVIDER_MESSAGES_PER_MINUTE,
	PROVIDER_SMTP_SWITCH,      /* where the user or an administrator permits
				      SMTP, if it is off by default */
	PROVIDER_SENDER_HELP,      /* where other senders are permitted */
	PROVIDER_NOTE,             /* pitfalls, shown to users */
	PROVIDER_MESSAGE_ID_REPLY, /* how the reply to a message names a new
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

#endif

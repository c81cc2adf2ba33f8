/* SPDX-License-Identifier: MIT */
#ifndef SMTP_SASL_H
#define SMTP_SASL_H

/*
 * One SASL exchange, in lines of base64: a challenge in, a response out. GNU
 * SASL implements most mechanisms; smtp/bearer.c those that it lacks.
 */

#include <stdbool.h>

#include "base/error.h"
#include "base/secret.h"

struct smtp_params;
struct tls_binding;

enum {
	SASL_NEEDS_USER = 1,      /* a user name */
	SASL_NEEDS_SECRET = 2,    /* a password or token */
	SASL_SHOWS_SECRET = 4,    /* to the server */
	SASL_NEEDS_CERT = 8,      /* a client certificate */
	SASL_NEEDS_TICKET = 16,   /* of Kerberos */
	SASL_NEEDS_BINDING = 32,  /* of the TLS channel (RFC 5056) */
	SASL_IS_BEARER = 64,      /* OAuth2: only if it is named */
	SASL_IS_ON_REQUEST = 128, /* only if it is named, too */
	SASL_SERVER_FIRST = 256,  /* no initial response (RFC 4422 5.) */
	SASL_PROVES_SERVER = 512, /* not done before the server's proof */
	SASL_IS_COMMAND = 1024    /* a program of the user's */
};

struct sasl_mechanism {
	const char *name;
	unsigned traits;
};

/* All mechanisms, best first; ends with a NULL name. */
extern const struct sasl_mechanism sasl_mechanisms[];

/* Finds a mechanism by name. NULL if there is none, or if this build lacks it.
 */
const struct sasl_mechanism *sasl_find(const char *name);

/* Returns whether the SASL library, as built here, or postrider implements it.
 */
bool sasl_is_known(const struct sasl_mechanism *mechanism);

/* Returns whether the mechanism of this name uses Kerberos. */
bool sasl_needs_ticket(const char *name);

/*
 * Returns the same mechanism with channel binding for one without, or the
 * reverse (SCRAM-SHA-1-PLUS for SCRAM-SHA-1); NULL if there is none.
 */
const struct sasl_mechanism *sasl_sibling(
    const struct sasl_mechanism *mechanism);

struct sasl;

/*
 * Starts an exchange for the user, realm and host in params. secret is NULL for
 * a mechanism that needs none. binding is the channel binding; passed to a
 * mechanism without channel binding, it makes the client say that it supports
 * channel binding but the server does not offer it (RFC 5802 section 6). All
 * are borrowed for the life of the exchange. NULL on failure. ERROR_AUTH: the
 * mechanism can't carry the names or the secret, or SASLprep (RFC 4013) forbids
 * them; ERROR_SYSTEM.
 */
struct sasl *sasl_new(const struct sasl_mechanism *mechanism,
    const struct smtp_params *params, const struct secret *secret,
    const struct tls_binding *binding, struct error *err);

void sasl_free(struct sasl *sasl);

/*
 * Makes the response to a challenge (base64; NULL for the initial response) and
 * adds it (base64, one line) to response, which is empty. ERROR_AUTH: the
 * challenge is malformed, or there is no ticket; ERROR_REFUSED: it says that
 * the sign-in failed; ERROR_SECURITY: the server could not prove that it knows
 * the password, or requests something unsafe.
 */
int sasl_step(struct sasl *sasl, const char *challenge, struct secret *response,
    struct error *err);

/* Returns whether there is an initial response. */
bool sasl_begins(const struct sasl *sasl);

/* Returns whether the initial response fits in the line of the AUTH command
 * (RFC 4954 section 4). */
bool sasl_first_fits_line(const struct sasl *sasl);

/* Returns whether the exchange is complete, so that a 235 can be trusted. */
bool sasl_is_done(const struct sasl *sasl);

/*
 * Asks the mechanism, after a 235, whether it accepts the server.
 * ERROR_SECURITY: a program of the user's does not.
 */
int sasl_accept(struct sasl *sasl, struct error *err);

#endif

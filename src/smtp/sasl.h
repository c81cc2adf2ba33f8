/* SPDX-License-Identifier: MIT */
#ifndef SMTP_SASL_H
#define SMTP_SASL_H

/*
 * One SASL exchange, as base64 lines: challenge in, response out. The mechanism
 * is GNU SASL's, or one of the bearer mechanisms that it lacks.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/secret.h"

struct smtp_params;
struct tls_binding;

enum {
	SASL_NEEDS_USER = 1,      /* a name */
	SASL_NEEDS_SECRET = 2,    /* a password or token */
	SASL_SHOWS_SECRET = 4,    /* to the server */
	SASL_NEEDS_CERT = 8,      /* a client certificate */
	SASL_NEEDS_TICKET = 16,   /* of Kerberos */
	SASL_NEEDS_BINDING = 32,  /* of the TLS channel (RFC 5056) */
	SASL_IS_BEARER = 64,      /* OAuth2: only when it was asked for */
	SASL_IS_ON_REQUEST = 128, /* only when it was asked for, too */
	SASL_SERVER_FIRST = 256,  /* no initial response (RFC 4422 5.) */
	SASL_PROVES_SERVER = 512, /* isn't done before the server's proof */
	SASL_IS_COMMAND = 1024    /* a program of the user's */
};

struct sasl_mechanism {
	const char *name;
	unsigned traits;
};

/* Every mechanism, best first; ended by a NULL name. */
extern const struct sasl_mechanism sasl_mechanisms[];

/* Finds a mechanism by name; NULL when there is none, or this build of GNU SASL
 * was made without it. */
const struct sasl_mechanism *sasl_find(const char *name);

/* Whether this build of GNU SASL has it, or we have it ourselves. */
bool sasl_is_known(const struct sasl_mechanism *mechanism);

/*
 * The mechanism that is the same with or without channel binding, or NULL:
 * SCRAM-SHA-1-PLUS for SCRAM-SHA-1 and the other way round.
 */
const struct sasl_mechanism *sasl_sibling(
    const struct sasl_mechanism *mechanism);

struct sasl;

/*
 * Starts an exchange for the user, realm and host in params. secret is NULL
 * for a mechanism that needs none. binding is what a mechanism with channel
 * binding is bound to; passed to a mechanism without, it makes the client say
 * that it supports channel binding but the server does not offer it (RFC 5802
 * section 6). All are borrowed for the life of the exchange. NULL on failure.
 * ERROR_AUTH: the mechanism can't carry the names or the secret, or SASLprep
 * (RFC 4013) forbids them; ERROR_SYSTEM.
 */
struct sasl *sasl_new(const struct sasl_mechanism *mechanism,
    const struct smtp_params *params, const struct secret *secret,
    const struct tls_binding *binding, struct error *err);

void sasl_free(struct sasl *sasl);

/*
 * Takes a challenge (base64; NULL for the initial response) and puts the
 * response (base64, one line) into response, which is empty. ERROR_AUTH: the
 * challenge makes no sense, or there is no ticket; ERROR_REFUSED: it says
 * that the sign-in failed; ERROR_SECURITY: the server could not prove that it
 * knows the password, or requests something unsafe.
 */
int sasl_step(struct sasl *sasl, const char *challenge, struct secret *response,
    struct error *err);

/* Whether there is an initial response. */
bool sasl_begins(const struct sasl *sasl);

/* Returns whether the initial response fits in the line of the AUTH command
 * (RFC 4954 section 4). */
bool sasl_first_fits_line(const struct sasl *sasl);

/* Whether nothing is missing any more, so that a 235 may be believed. */
bool sasl_is_done(const struct sasl *sasl);

/*
 * The server has said 235: what the mechanism thinks of that. ERROR_SECURITY: a
 * program of the user's isn't content with the server.
 */
int sasl_accept(struct sasl *sasl, struct error *err);

#endif

/* SPDX-License-Identifier: MIT */
#ifndef SMTP_SASL_LIBRARY_H
#define SMTP_SASL_LIBRARY_H

/*
 * The exchanges of the mechanisms that are not postrider's own: by GNU SASL
 * (sasl-gnu.c); in a build without it, only PLAIN, LOGIN and EXTERNAL
 * (sasl-plain.c). For this layer only.
 */

#include <stdbool.h>

#include "base/error.h"
#include "base/secret.h"
#include "smtp/sasl-names.h"
#include "smtp/sasl.h"

struct smtp_params;
struct tls_binding;

#ifdef HAVE_GSASL
#define SASL_LIBRARY_NAME "GNU SASL"
#else
#define SASL_LIBRARY_NAME "postrider"
#endif

/* Returns whether the library, as built here, has the mechanism of this name.
 */
bool sasl_library_has(const char *mechanism);

/*
 * Returns whether SASLprep (RFC 4013) allows a text; as a query, with
 * unassigned code points as well (RFC 3454 section 7).
 */
bool sasl_library_allows(const char *text, bool is_query);

/* What an exchange is made with; as for sasl_new. */
struct sasl_exchange {
	const struct sasl_mechanism *mechanism;
	const struct smtp_params *params;
	const struct sasl_names *names;
	const struct secret *secret;       /* or NULL */
	const struct tls_binding *binding; /* or NULL */
};

struct sasl_library;

/* Starts an exchange. What the pointers in it refer to is borrowed until it is
 * freed. NULL on failure. */
struct sasl_library *sasl_library_new(const struct sasl_exchange *exchange,
    struct error *err);

/* Accepts NULL. */
void sasl_library_free(struct sasl_library *library);

/* Makes a response as sasl_step does, to the challenge of this number, from 0;
 * *ret_done is whether the exchange is complete on our side. */
int sasl_library_step(struct sasl_library *library, int step,
    const char *challenge, struct secret *response, bool *ret_done,
    struct error *err);

#endif

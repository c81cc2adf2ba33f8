/* SPDX-License-Identifier: MIT */
#ifndef SMTP_SASL_NAMES_H
#define SMTP_SASL_NAMES_H

/* Names and passwords, in the form that each mechanism wants them in. */

#include "base/error.h"
#include "smtp/sasl.h"

enum {
	SASL_NAMES_SIZE = 1024 /* of each name, with the NUL */
};

struct sasl_names {
	char authid[SASL_NAMES_SIZE];  /* "" when there is none */
	char service[SASL_NAMES_SIZE]; /* "smtp" */
	char host[SASL_NAMES_SIZE];    /* that the service is at */
};

/*
 * Fills names for the mechanism. ERROR_AUTH, saying whether it is the name or
 * the password, when the mechanism can't carry it or SASLprep (RFC 4013)
 * forbids it. Nothing is changed here: GNU SASL prepares where the mechanism's
 * RFC says that the client does.
 */
int sasl_names_fill(struct sasl_names *names,
    const struct sasl_mechanism *mechanism, const struct smtp_params *params,
    const struct secret *secret, struct error *err);

/* Whether text is the name of a service: "smtp@host" or "smtp/host". */
bool sasl_names_is_target(const char *text);

#endif

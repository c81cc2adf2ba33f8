/* SPDX-License-Identifier: MIT */
#ifndef SMTP_SASL_NAMES_H
#define SMTP_SASL_NAMES_H

/* Names in the form that each SASL mechanism requires. */

#include "base/error.h"
#include "smtp/sasl.h"

enum {
	SASL_NAMES_SIZE = 1024 /* of each name, with the NUL */
};

struct sasl_names {
	char authid[SASL_NAMES_SIZE];  /* "" if there is none */
	char service[SASL_NAMES_SIZE]; /* "smtp" */
	char host[SASL_NAMES_SIZE];    /* of the service */
};

/*
 * Fills names for the mechanism. ERROR_AUTH, naming the user name or the
 * password, if the mechanism can't carry it or SASLprep (RFC 4013) forbids it.
 * Nothing is changed here: GNU SASL applies SASLprep where the RFC of the
 * mechanism assigns that to the client.
 */
int sasl_names_fill(struct sasl_names *names,
    const struct sasl_mechanism *mechanism, const struct smtp_params *params,
    const struct secret *secret, struct error *err);

/* Returns whether text is a service name: "smtp@host" or "smtp/host". */
bool sasl_names_is_target(const char *text);

#endif

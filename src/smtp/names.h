/* SPDX-License-Identifier: MIT */
#ifndef SMTP_NAMES_H
#define SMTP_NAMES_H

/* Names and passwords, in the form that each mechanism wants them in. */

#include "base/error.h"
#include "smtp/sasl.h"

enum {
	NAMES_SIZE = 1024 /* of each name, with the NUL */
};

struct names {
	char authid[NAMES_SIZE];  /* "" when there is none */
	char service[NAMES_SIZE]; /* "smtp" */
	char host[NAMES_SIZE];    /* that the service is at */
};

/*
 * Fills names for the mechanism. ERROR_AUTH, saying whether it is the name or
 * the password, when the mechanism can't carry it or SASLprep (RFC 4013)
 * forbids it. Nothing is changed here: GNU SASL prepares where the mechanism's
 * RFC says that the client does.
 */
int names_fill(struct names *names, const struct sasl_mechanism *mechanism,
    const struct sasl_identity *identity, struct error *err);

/* Whether text is the name of a service: "smtp@host" or "smtp/host". */
bool names_is_target(const char *text);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * The table of SASL mechanisms and their traits. A library
 * (smtp/sasl-library.h) or smtp/bearer.c implements them.
 */
#include <string.h>

#include "base/text.h"
#include "smtp/sasl-library.h"

enum {
	SCRAM = SASL_NEEDS_USER | SASL_NEEDS_SECRET | SASL_PROVES_SERVER,
	SHOWN = SASL_NEEDS_USER | SASL_NEEDS_SECRET | SASL_SHOWS_SECRET,
	/* Their hash functions are broken: the password can be guessed offline
	   from the exchange. Verified TLS protects it. */
	BROKEN = SASL_NEEDS_USER | SASL_NEEDS_SECRET,
	BEARER = SHOWN | SASL_IS_BEARER
};

static const char plus[] = "-PLUS";

const struct sasl_mechanism sasl_mechanisms[] = {
    {"EXTERNAL", SASL_NEEDS_CERT},
    {"SCRAM-SHA-256-PLUS", SCRAM | SASL_NEEDS_BINDING},
    {"SCRAM-SHA-1-PLUS", SCRAM | SASL_NEEDS_BINDING},
    {"SCRAM-SHA-256", SCRAM},
    {"SCRAM-SHA-1", SCRAM},
    /* GS2 is no stronger, because GNU SASL 2.2 does not bind it to the channel,
       and few servers have shown that it works with theirs. */
    {"GSSAPI", SASL_NEEDS_TICKET | SASL_PROVES_SERVER},
    {"GS2-KRB5", SASL_NEEDS_TICKET | SASL_PROVES_SERVER},
    {"PLAIN", SHOWN},
    {"LOGIN", SHOWN | SASL_SERVER_FIRST},
    {"DIGEST-MD5", BROKEN | SASL_SERVER_FIRST | SASL_PROVES_SERVER},
    {"CRAM-MD5", BROKEN | SASL_SERVER_FIRST},
    {"NTLM", BROKEN},
    {"OAUTHBEARER", BEARER},
    {"XOAUTH2", BEARER},
    {"ANONYMOUS", SASL_IS_ON_REQUEST},
    {NULL, 0},
};

static const struct sasl_mechanism *mechanism_by_name(const char *name);

const struct sasl_mechanism *
sasl_find(const char *name)
{
	const struct sasl_mechanism *mechanism = mechanism_by_name(name);

	return mechanism != NULL && sasl_is_known(mechanism) ? mechanism : NULL;
}

bool
sasl_is_known(const struct sasl_mechanism *mechanism)
{
	return (mechanism->traits & (SASL_IS_BEARER | SASL_IS_COMMAND)) != 0 ||
	    sasl_library_has(mechanism->name);
}

bool
sasl_needs_ticket(const char *name)
{
	const struct sasl_mechanism *mechanism = mechanism_by_name(name);

	return mechanism != NULL &&
	    (mechanism->traits & SASL_NEEDS_TICKET) != 0;
}

const struct sasl_mechanism *
sasl_sibling(const struct sasl_mechanism *mechanism)
{
	for (const struct sasl_mechanism *other = sasl_mechanisms;
	     other->name != NULL; other++) {
		size_t len = strlen(other->name);
		const struct sasl_mechanism *longer = mechanism;

		if (strlen(mechanism->name) < len) {
			len = strlen(mechanism->name);
			longer = other;
		}
		if (memcmp(other->name, mechanism->name, len) == 0 &&
		    text_equals(longer->name + len, plus))
			return other;
	}
	return NULL;
}

static const struct sasl_mechanism *
mechanism_by_name(const char *name)
{
	for (const struct sasl_mechanism *mechanism = sasl_mechanisms;
	     mechanism->name != NULL; mechanism++) {
		if (text_equals(mechanism->name, name))
			return mechanism;
	}
	return NULL;
}

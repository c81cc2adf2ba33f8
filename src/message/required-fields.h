/* SPDX-License-Identifier: MIT */
#ifndef MESSAGE_REQUIRED_FIELDS_H
#define MESSAGE_REQUIRED_FIELDS_H

/*
 * Adds the header fields that a message must have: From, Date and Message-ID
 * (RFC 5322 section 3.6; Message-ID is only recommended there); if it is
 * resent, also those that begin with "Resent-" (section 3.6.6).
 */

#include <stdbool.h>
#include <time.h>

#include "base/error.h"
#include "message/header.h"

struct required_fields {
	const char
	    *address; /* of From, Resent-From: an addr-spec with a domain */
	const char *full_name; /* display name of From, or NULL */
	const char *id_domain; /* domain of the Message-ID */
	bool is_resent;        /* the header had a Resent- field */
	time_t now;
};

/*
 * Adds those of the fields that are missing. The display name is quoted or
 * encoded (RFC 2047) if necessary, and omitted if it is neither ASCII nor
 * UTF-8. ERROR_DATA if the address or the name contain a line end or control
 * character.
 */
int required_fields_add(struct header *header,
    const struct required_fields *required, struct error *err);

#endif

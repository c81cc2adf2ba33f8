/* SPDX-License-Identifier: MIT */
#ifndef MESSAGE_REQUIRED_FIELDS_H
#define MESSAGE_REQUIRED_FIELDS_H

/*
 * What a message must have and the caller left out: From, Date, Message-ID (RFC
 * 5322 3.6). The body and the fields that are there stay as they are.
 */

#include <time.h>

#include "base/error.h"
#include "message/header.h"

struct required_fields {
	const char *address;   /* for From: an addr-spec with a domain */
	const char *full_name; /* for From, or NULL: no display name */
	const char *id_domain; /* right side of the Message-ID */
	time_t now;
};

/*
 * Adds the fields that are missing. The display name is quoted or encoded (RFC
 * 2047) as it needs; one that is neither ASCII nor UTF-8 is left out.
 * ERROR_DATA when address or name hold a line end or a control character.
 */
int required_fields_add(struct header *header,
    const struct required_fields *required, struct error *err);

#endif

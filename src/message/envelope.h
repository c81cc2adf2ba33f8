/* SPDX-License-Identifier: MIT */
#ifndef MESSAGE_ENVELOPE_H
#define MESSAGE_ENVELOPE_H

/*
 * Who the message goes to and who it comes from, as the server is told (RFC
 * 5321 2.3.1), with the request about delivery reports (RFC 3461).
 */

#include <stdbool.h>

#include "base/error.h"
#include "message/address.h"
#include "message/header.h"

struct envelope {
	char *sender; /* "" is the null sender */
	struct address_list recipients;
	char *notify; /* "NEVER" or "SUCCESS,FAILURE,DELAY" parts, or NULL */
	char *return_type; /* "FULL", "HDRS", or NULL */
	char *envelope_id; /* in xtext already, or NULL */
	bool needs_utf8;   /* an address can't be written in ASCII */
};

/* What the command line and the configuration ask for. All borrowed. */
struct envelope_request {
	const char *sender;     /* an address, or "" for the null sender */
	char *const *arguments; /* recipients from argv; each may be a list */
	size_t argument_count;
	bool from_header;            /* -t */
	bool arguments_remove;       /* with -t, argv names whom to leave out */
	const char *aliases_path;    /* or NULL; missing is no error */
	const char *local_recipient; /* for "root" and the like, or NULL */
	const char *local_domain; /* else "@local_domain" is added, or NULL */
	const char *notify;       /* as given to -N, or NULL */
	const char *return_type;  /* as given to -R, or NULL */
	const char *envelope_id;  /* as given to -V, or NULL */
};

void envelope_init(struct envelope *envelope);
void envelope_done(struct envelope *envelope);

/*
 * Builds the envelope; local recipients are resolved, addresses are in the form
 * for the wire. No recipients, bad -N, -R, -V: ERROR_USAGE. Unparsable
 * addresses, or a local recipient that nothing resolves: ERROR_DATA.
 */
int envelope_build(struct envelope *envelope,
    const struct envelope_request *request, const struct header *header,
    struct error *err);

#endif

/* SPDX-License-Identifier: MIT */
#ifndef MESSAGE_ENVELOPE_H
#define MESSAGE_ENVELOPE_H

/*
 * Builds the SMTP envelope (RFC 5321 section 2.3.1): the sender, the
 * recipients, and the requested delivery status notifications (RFC 3461).
 */

#include <stdbool.h>

#include "base/error.h"
#include "message/address.h"
#include "message/header.h"

struct envelope {
	char *sender; /* "" for the null sender */
	struct address_list recipients;
	char *notify; /* "NEVER" or "SUCCESS,FAILURE,DELAY" parts, or NULL */
	char *return_type; /* "FULL", "HDRS", or NULL */
	char *envelope_id; /* as xtext, or NULL */
	bool needs_utf8;   /* an address is not ASCII */
};

/* The input, from the command line and the configuration. All borrowed. */
struct envelope_request {
	const char *sender;     /* an address, or "" for the null sender */
	char *const *arguments; /* recipients from argv; each may be a list */
	size_t argument_count;
	bool from_header;         /* -t */
	bool arguments_remove;    /* with -t, exclude those of argv */
	const char *aliases_path; /* or NULL; the file may be missing */
	const char
	    *local_recipient;     /* for local names without alias, or NULL */
	const char *local_domain; /* appended to local names; "" leaves them as
				     they are; or NULL */
	const char *host_name;    /* of this computer, or NULL */
	const char *notify;       /* argument of -N, or NULL */
	const char *return_type;  /* argument of -R, or NULL */
	const char *envelope_id;  /* argument of -V, or NULL */
};

void envelope_init(struct envelope *envelope);
void envelope_done(struct envelope *envelope);

/*
 * Builds the envelope: parses the addresses, resolves local recipients,
 * converts domains to A-labels. An address at this computer
 * (completion_is_this_host) is a local recipient if there is an alias or
 * local_recipient for it. ERROR_USAGE if there are no recipients or an
 * argument of -N, -R or -V is invalid. ERROR_DATA if an address is invalid, or
 * local and not resolved.
 */
int envelope_build(struct envelope *envelope,
    const struct envelope_request *request, const struct header *header,
    struct error *err);

/* Builds an envelope whose recipients follow; those of the request are ignored.
 * Otherwise as envelope_build. */
int envelope_begin(struct envelope *envelope,
    const struct envelope_request *request, struct error *err);

/*
 * Adds to list the recipients that one address stands for; the request says how
 * local ones are resolved. ERROR_DATA, ERROR_CONFIG.
 */
int envelope_resolve(const struct envelope_request *request,
    const char *address, struct address_list *list, struct error *err);

#endif

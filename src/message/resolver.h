/* SPDX-License-Identifier: MIT */
#ifndef MESSAGE_RESOLVER_H
#define MESSAGE_RESOLVER_H

/*
 * Resolves recipients to the addresses of an envelope: aliases, local names,
 * domains as A-labels. For envelope.c only.
 */

#include "base/error.h"
#include "message/address.h"
#include "message/aliases.h"
#include "message/envelope.h"

/* Set request and err; the rest is empty at first. */
struct resolver {
	const struct envelope_request *request; /* borrowed */
	struct aliases *aliases;                /* loaded when first needed */
	struct address_list expanded;           /* aliases already resolved */
	struct address_list addresses;          /* the result */
	struct error *err;
};

/* Frees everything that the resolver has added. */
void resolver_done(struct resolver *resolver);

/* Adds to addresses what the recipients in list stand for. ERROR_DATA,
 * ERROR_CONFIG. */
int resolver_add(struct resolver *resolver, const struct address_list *list);

/* Copies address, appending local_domain (struct envelope_request) if it has no
 * domain. NULL on failure: ERROR_DATA if there is no local_domain. The caller
 * frees. */
char *resolver_add_domain(const char *address, const char *local_domain,
    struct error *err);

#endif

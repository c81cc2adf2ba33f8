/* SPDX-License-Identifier: MIT */
#ifndef MESSAGE_ADDRESS_H
#define MESSAGE_ADDRESS_H

/*
 * Parses mail addresses from header fields and arguments (RFC 5322
 * section 3.4): with display names, comments, folding, quoted local parts,
 * groups, encoded words, and UTF-8 (RFC 6531, RFC 6532). Only the addr-spec is
 * kept: a local part,
 * "@" and a domain, or a local part alone, which is a local recipient.
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

struct address_list {
	char **address; /* in order, without duplicates; owned */
	size_t count;

	size_t *slot; /* hash table of indexes + 1; its size is a power of 2 */
	size_t slot_count;
};

void address_list_init(struct address_list *list);
void address_list_done(struct address_list *list);

/*
 * Parses text as an address list and adds the addresses that list does not
 * have. what names the source in errors, such as "To" or "recipient".
 * ERROR_DATA on a syntax error, CR or LF that is not folding, NUL, control
 * characters or invalid UTF-8; some addresses may have been added. Superfluous
 * commas are accepted, as by other sendmails.
 */
int address_list_parse(struct address_list *list, const char *text, size_t len,
    const char *what, struct error *err);

/* Adds an addr-spec in canonical form, unless the list has it. */
int address_list_add(struct address_list *list, const char *address,
    struct error *err);

/* Returns whether the list has the address (see address_equals). */
bool address_list_has(const struct address_list *list, const char *address);

/* Returns whether two addr-specs are equal, ignoring the case of the domain. */
bool address_equals(const char *a, const char *b);

/* Returns the domain of an addr-spec, or NULL if it has none. Borrowed. */
const char *address_domain(const char *address);

/*
 * Returns the address for the envelope. If the local part is ASCII, the domain
 * is converted to A-labels, so that SMTPUTF8 is not needed (RFC 6531
 * section 3.2). NULL on failure: ERROR_DATA if the domain is invalid. The
 * caller frees.
 */
char *address_for_envelope(const char *address, struct error *err);

#endif

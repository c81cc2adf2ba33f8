/* SPDX-License-Identifier: MIT */
#ifndef MESSAGE_ADDRESS_H
#define MESSAGE_ADDRESS_H

/*
 * Mail addresses as RFC 5322 3.4 writes them in header fields and people write
 * them in argv: display names, comments, folded lines, quoted local parts,
 * groups, encoded words; UTF-8 as RFC 6531 and 6532 allow. What is kept is the
 * addr-spec alone, without comments and folding: local-part "@" domain, or a
 * local part alone, which is a recipient on this machine.
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

struct address_list {
	char **address; /* in order of appearance, each once; owned */
	size_t count;

	size_t *slot; /* hash table of indexes + 1; its size is a power of 2 */
	size_t slot_count;
};

void address_list_init(struct address_list *list);
void address_list_done(struct address_list *list);

/*
 * Parses text as an address list and adds what is not there yet (domains
 * compare without case). what names the place in errors, as in "To" or
 * "recipient". ERROR_DATA: unparsable, CR or LF that isn't folding, NUL,
 * control characters, invalid UTF-8; the list may have grown by then. A
 * trailing, leading or doubled comma is accepted, as by other sendmails.
 */
int address_list_parse(struct address_list *list, const char *text, size_t len,
    const char *what, struct error *err);

/* Adds one addr-spec that is already canonical, if it is not there yet. */
int address_list_add(struct address_list *list, const char *address,
    struct error *err);

/* Whether the list has it (local part exact, domain without case). */
bool address_list_has(const struct address_list *list, const char *address);

/* Whether two addr-specs are the same mailbox, as far as can be known. */
bool address_equals(const char *a, const char *b);

/* What stands behind the last "@", or NULL. Borrowed. */
const char *address_domain(const char *address);

/*
 * Gives the form for the envelope: the domain as A-labels when the local part
 * is ASCII, so that SMTPUTF8 is only needed when it must be (RFC 6531 3.2).
 * NULL on failure: ERROR_DATA when the domain is no name. The caller frees.
 */
char *address_for_envelope(const char *address, struct error *err);

#endif

/* SPDX-License-Identifier: MIT */
#ifndef CONFIG_ADDRESS_MATCH_H
#define CONFIG_ADDRESS_MATCH_H

/* Whose an address is: which account block says that it is its own. */

#include <stdbool.h>
#include <stddef.h>

#include "config/config.h"

/* An address or a domain inside a text that is borrowed; len 0: none. */
struct address_span {
	const char *at;
	size_t len;
};

/* The first of a list (config/value-list.h) that is an address and no pattern.
 */
struct address_span address_match_first(const char *list);

/* Returns the part after the last "@". */
struct address_span address_match_domain(struct address_span address);

/*
 * The block whose "from" has the address (or whose "mailbox", else
 * "user", where there is no "from"), else the one with a pattern "*@domain" for
 * it; NULL when there is none. Local parts compare as they are, domains without
 * case.
 */
const struct config_account *address_match_account(const struct config *config,
    struct address_span address);

/* Whether address is own, an address or the pattern "*@domain". */
bool address_match(const char *own, const char *address);

#endif

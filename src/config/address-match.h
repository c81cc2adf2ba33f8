/* SPDX-License-Identifier: MIT */
#ifndef CONFIG_ADDRESS_MATCH_H
#define CONFIG_ADDRESS_MATCH_H

/* Finds the account block that an address belongs to. */

#include <stdbool.h>
#include <stddef.h>

#include "config/config.h"

/* An address or a domain within a borrowed text. No NUL ends it; len is 0 if
 * there is none. */
struct address_span {
	const char *at;
	size_t len;
};

/* Returns the first address of a list (config/value-list.h), skipping
 * patterns. */
struct address_span address_match_first(const char *list);

/* Returns the part after the last "@". */
struct address_span address_match_domain(struct address_span address);

/*
 * Finds the block whose "from" contains the address, else the block with a
 * pattern "*@domain" that matches. In a block without "from", "mailbox" or else
 * "user" takes its place. Local parts are case-sensitive, domains aren't. NULL
 * if there is none.
 */
const struct config_account *address_match_account(const struct config *config,
    struct address_span address);

/* Whether the block has the address itself, not only a pattern for it. */
bool address_match_is_exact(const struct config_account *block,
    struct address_span address);

/* Whether an address matches own, which is an address or "*@domain". */
bool address_match(const char *own, const char *address);

#endif

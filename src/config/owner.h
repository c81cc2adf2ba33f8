/* SPDX-License-Identifier: MIT */
#ifndef CONFIG_OWNER_H
#define CONFIG_OWNER_H

/* Whose an address is: which account block says that it is its own. */

#include <stdbool.h>
#include <stddef.h>

#include "config/config.h"

/* An address or a domain inside a text that is borrowed; len 0: none. */
struct owner_address {
	const char *at;
	size_t len;
};

/* The first of a list (config/list.h) that is an address and no pattern. */
struct owner_address owner_first(const char *list);

/* What stands behind the last "@". */
struct owner_address owner_domain(struct owner_address address);

/*
 * The block whose "from" has the address (or whose "mailbox", else
 * "user", where there is no "from"), else the one with a pattern "*@domain" for
 * it; NULL when there is none. Local parts compare as they are, domains without
 * case.
 */
const struct config_account *owner_find(const struct config *config,
    struct owner_address address);

/* Whether address is own, an address or the pattern "*@domain". */
bool owner_is(const char *own, const char *address);

#endif

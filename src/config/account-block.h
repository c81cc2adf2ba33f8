/* SPDX-License-Identifier: MIT */
#ifndef CONFIG_ACCOUNT_BLOCK_H
#define CONFIG_ACCOUNT_BLOCK_H

/* Selects the account block for a query. For account.c only. */

#include "base/error.h"
#include "config/account.h"
#include "config/address-match.h"
#include "config/config.h"
#include "config/layers.h"

struct account_block {
	const struct config_account *block; /* borrowed; NULL: no block */
	const char *found_by;               /* "default account"; or NULL */
	char *found_name; /* follows it: of a directory, or NULL; owned */
	const char *own;  /* as in struct account; block is then NULL */
};

/*
 * Selects the block by name, by the sender's address, by the working directory,
 * or as the default; none
 * if the command line or the environment describes an account of its own (see
 * account_resolve). ERROR_CONFIG if there is no block of that name.
 */
int account_block_choose(const struct config *config,
    const struct account_query *query, const struct layers *layers,
    struct account_block *ret_choice, struct error *err);

#endif

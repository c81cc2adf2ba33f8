/* SPDX-License-Identifier: MIT */
#ifndef CLI_VERB_ROUTE_H
#define CLI_VERB_ROUTE_H

/* The account that a command's argument selects. */

#include "base/error.h"
#include "cli/options.h"
#include "submit/route.h"

/*
 * Loads the configuration and finds the account that the argument names, or
 * that has it as an address; for any other address, the provider of its domain.
 * Without an argument: the account that POSTRIDER_ACCOUNT names, else the
 * default. The errors are route_resolve's.
 */
int verb_route_find(struct route *route, const struct options *options,
    struct error *err);

/*
 * The name of the account to use if there is no argument: that of -a, else of
 * POSTRIDER_ACCOUNT unless the command line describes an account of its own,
 * else NULL. Borrowed.
 */
const char *verb_route_account(const struct options *options);

#endif

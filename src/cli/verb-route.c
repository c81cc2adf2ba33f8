/* SPDX-License-Identifier: MIT */
/*
 * Turns a command's argument into an account.
 */
#include "cli/verb-route.h"

#include <stdlib.h>
#include <string.h>

#include "config/address-match.h"

int
verb_route_find(struct route *route, const struct options *options,
    struct error *err)
{
	const char *name = options->argument_count > 0
	    ? options->argument[0]
	    : getenv("POSTRIDER_ACCOUNT");
	struct account_query query = {.name = name, .flags = &options->flags};

	if (route_load(route, options->config_path, err) == -1)
		return -1;
	if (name != NULL && strchr(name, '@') != NULL &&
	    config_find_account(route->config, name) == NULL) {
		query.name = NULL;
		query.sender = name;
		/* Without this, the default account would be used. */
		query.is_new = address_match_account(route->config,
				   address_match_first(name)) == NULL;
	}
	return route_resolve(route, &query, options->config_path, err);
}

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
	    : verb_route_account(options);
	struct account_query query = {.name = name, .flags = &options->flags};

	if (route_load(route, options->config_path, err) == -1)
		return -1;
	if (name != NULL && strchr(name, '@') != NULL &&
	    config_find_account(route->config, name) == NULL) {
		query.name = NULL;
		query.sender = name;
		query.sender_is_named = true;
		/* Without this, the default account would be used. */
		query.is_new = address_match_account(route->config,
				   address_match_first(name)) == NULL;
	}
	return route_resolve(route, &query, options->config_path, err);
}

const char *
verb_route_account(const struct options *options)
{
	static const enum setting_id own[] = {SETTING_HOST, SETTING_PROVIDER,
	    SETTING_USER};

	if (options->account != NULL)
		return options->account;
	for (size_t i = 0; i < sizeof own / sizeof *own; i++) {
		const char *flag = options->flags.text[own[i]];

		if (flag != NULL && *flag != '\0')
			return NULL;
	}
	return getenv("POSTRIDER_ACCOUNT");
}

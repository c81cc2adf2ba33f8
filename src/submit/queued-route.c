/* SPDX-License-Identifier: MIT */
/*
 * Finds the account of a queued message, as the configuration is now.
 */
#include "submit/queued-route.h"

#include <stdlib.h>

#include "spool/account-key.h"

int
queued_route_resolve(struct route *route, const char *account_key,
    const struct settings *flags, struct error *err)
{
	const char *config_path = account_key_config(account_key);
	char *name = account_key_name(account_key);
	const struct account_query query = {.name = name, .flags = flags};
	int result = -1;

	if (name == NULL)
		return error_no_memory(err);
	if (route_load(route, config_path, err) == 0)
		result = route_resolve(route, &query, config_path, err);
	free(name);
	return result;
}

bool
queued_route_starts_queue(const char *account_key)
{
	struct settings flags; /* none */
	struct route route;
	struct error ignored;
	bool is_started;

	settings_init(&flags);
	route_init(&route);
	is_started =
	    queued_route_resolve(&route, account_key, &flags, &ignored) == 0 &&
	    account_bool(route.account, SETTING_QUEUE_START);
	route_done(&route);
	settings_done(&flags);
	return is_started;
}

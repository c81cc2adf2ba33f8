/* SPDX-License-Identifier: MIT */
/*
 * Suggests another address to a login whose domain no provider is known for.
 */
#include "cli/login-address.h"

#include <string.h>

#include "base/text.h"
#include "config/domain-suggestion.h"

bool
login_suggest_address(const struct login *login,
    char ret_address[LOGIN_ADDRESS_SIZE])
{
	const char *at = strrchr(login->name, '@');
	char domain[DOMAIN_SUGGESTION_SIZE];

	if (at == NULL ||
	    !domain_suggestion_find(login->route.config, at + 1, domain))
		return false;
	text_format_printable(ret_address, LOGIN_ADDRESS_SIZE, "%.*s@%s",
	    (int)(at - login->name), login->name, domain);
	return true;
}

bool
login_hint_address(const struct login *login, struct error *err)
{
	char address[LOGIN_ADDRESS_SIZE];

	if (!login_suggest_address(login, address))
		return false;
	error_hint(err,
	    "did you mean %s? Otherwise name the server: postrider login "
	    "--host=HOST %s",
	    address, login->name);
	return true;
}

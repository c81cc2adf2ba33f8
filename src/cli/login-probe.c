/* SPDX-License-Identifier: MIT */
/*
 * Finds out what would make a login fail before the user enters a secret or
 * opens a browser: connects, sets up TLS and chooses a mechanism, and tries
 * whether the configuration can be written. Then signs in with the secret.
 */
#include "cli/login.h"

#include "cli/login-place.h"
#include "cli/login-session.h"

int
login_probe(struct login *login, struct error *err)
{
	struct login_session_result result;

	if (login_session_run(login, NULL, &result, err) == -1)
		return -1;
	login->needs_no_secret = result.mechanism[0] != '\0';
	if (login->needs_no_secret)
		login_say(login, "signed in to %s by %s, without a password",
		    login->route.account->text[SETTING_HOST], result.mechanism);
	return login->is_new || login->has_found_server
	    ? login_check_config(login, err)
	    : 0;
}

int
login_try(const struct login *login, const struct secret *secret,
    struct error *err)
{
	const struct account *account = login->route.account;
	struct login_session_result result;

	if (login_session_run(login, secret, &result, err) == -1)
		return -1;
	login_say(login, "signed in to %s as %s", account->text[SETTING_HOST],
	    account->text[SETTING_USER]);
	return 0;
}

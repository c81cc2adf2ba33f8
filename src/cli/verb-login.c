/* SPDX-License-Identifier: MIT */
/*
 * The command login: gets a credential by password (login-password.c) or OAuth2
 * (login-oauth2.c), signs in with it, and then adds the account to the
 * configuration.
 */
#include "cli/verbs.h"

#include <stdio.h>

#include "cli/credential-place.h"
#include "report/json.h"
#include "cli/login-place.h"
#include "cli/login.h"
#include "cli/queue-hold.h"

static int login_run(struct login *login, struct error *err);
static int login_by(struct login *login, enum login_method method,
    struct error *err);
static int login_check_account(const struct login *login, struct error *err);
static void login_print_json(const struct login *login);

int
verb_login(struct options *options, struct error *err)
{
	struct login login;
	int result;

	if (options->device && options->paste)
		return error_set(err, ERROR_USAGE,
		    "login: use either --device or --paste");
	login_init(&login, options);
	result = login_run(&login, err);
	if (result == 0 && options->report.json)
		login_print_json(&login);
	login_done(&login);
	return result;
}

static int
login_run(struct login *login, struct error *err)
{
	enum login_method method;

	if (login_find(login, err) == -1 ||
	    login_check_account(login, err) == -1 ||
	    login_confirm(login, err) == -1 ||
	    login_choose_method(login, &method, err) == -1 ||
	    (method == LOGIN_BY_OAUTH2 &&
		login_check_oauth2(login, err) == -1) ||
	    login_probe(login, err) == -1)
		return -1;
	if (!login->needs_no_secret && login_by(login, method, err) == -1)
		return -1;
	if (login->is_new && login_write(login, err) == -1)
		return -1;
	if (!login->is_new &&
	    (login->has_chosen_place || login->has_found_server) &&
	    login_write_changes(login, err) == -1)
		return -1;
	queue_release_account(login->name, login->options->config_path);
	if (!login->needs_no_secret)
		login_print_place(login, method);
	return login->is_new && login->is_interactive
	    ? login_print_example(login, err)
	    : 0;
}

static int
login_by(struct login *login, enum login_method method, struct error *err)
{
	/* A client may have to be registered first, which takes a while. */
	if ((method == LOGIN_BY_OAUTH2 && login_ask_client(login, err) == -1) ||
	    login_ensure_place(login, err) == -1)
		return -1;
	return method == LOGIN_BY_OAUTH2 ? login_by_oauth2(login, err)
					 : login_by_password(login, err);
}

static int
login_check_account(const struct login *login, struct error *err)
{
	const struct account *account = login->route.account;
	struct credential_place place;

	if (account->text[SETTING_USER] == NULL) {
		error_set(err, ERROR_CONFIG, "%s: no user to sign in as",
		    login->name);
		return login->is_new
		    ? error_hint(err, "name the user with --user")
		    : error_hint(err,
			  "set user in the account block \"%s\" of %s",
			  login->name, login->route.config->path);
	}
	credential_place_find(&place, account, false);
	if (credential_place_is_ours(&place))
		return 0;
	error_set(err, ERROR_CONFIG,
	    "%s: the setting credential names %s, where login does not store "
	    "anything",
	    login->name, place.name);
	return error_hint(err,
	    "put the password there, or remove the setting credential to use "
	    "the keyring");
}

static void
login_print_json(const struct login *login)
{
	const struct account *account = login->route.account;
	struct json json = {.out = stdout};
	struct credential_place place;

	credential_place_find(&place, account, false);
	json_open(&json, NULL, '{');
	json_text(&json, "status", "signed-in");
	json_text(&json, "account", login->name);
	json_text(&json, "host", account->text[SETTING_HOST]);
	json_number(&json, "port", account_number(account, SETTING_PORT));
	json_text(&json, "user", account->text[SETTING_USER]);
	json_text(&json, "auth", account->uses_oauth2 ? "oauth2" : "password");
	json_text(&json, "added_to", login->written_to);
	json_text(&json, "stored_in",
	    login->needs_no_secret ? NULL : place.name);
	json_close(&json, '}');
	json_end(&json);
}

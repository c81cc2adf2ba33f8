/* SPDX-License-Identifier: MIT */
/*
 * Chooses between password and OAuth2: by the account, the options and, if both
 * are possible, the user's answer.
 */
#include "cli/login.h"

#include <string.h>

#include "cli/login-help.h"
#include "credential/terminal.h"

enum {
	QUESTION_MAX = 8192,
	ITEM_INDENT = 5
};

static int login_check_grant(const struct login *login, struct error *err);
static bool login_wants_device(const struct login *login);
static bool login_has_both(const struct login *login);
static int login_ask_method(struct login *login, enum login_method *ret_method,
    struct error *err);

int
login_choose_method(struct login *login, enum login_method *ret_method,
    struct error *err)
{
	const struct account *account = login->route.account;
	const struct provider *provider = account->provider;
	bool has_oauth2 = account->uses_oauth2 ||
	    (login->is_new && account->list[SETTING_AUTH].count == 0 &&
		provider != NULL && (provider->sign_in & PROVIDER_OAUTH2) != 0);
	bool wants_oauth2 = account->uses_oauth2 || login->options->device ||
	    login->options->paste;

	if (wants_oauth2 && !has_oauth2) {
		error_set(err, ERROR_CONFIG,
		    "%s signs in by password; --device and --paste require "
		    "OAuth2",
		    login->name);
		return error_hint(err, "set client-id to sign in by OAuth2");
	}
	*ret_method = wants_oauth2 ? LOGIN_BY_OAUTH2 : LOGIN_BY_PASSWORD;
	if (wants_oauth2)
		return login_check_grant(login, err);
	if (has_oauth2 && login_has_both(login) && login->is_interactive)
		return login_ask_method(login, ret_method, err);
	return 0;
}

/* Before the user is asked anything. */
static int
login_check_grant(const struct login *login, struct error *err)
{
	const struct provider *provider = login->route.account->provider;
	const char *why = provider != NULL
	    ? provider->text[PROVIDER_DEVICE_UNAVAILABLE]
	    : NULL;

	if (account_is(login->route.account, SETTING_GRANT,
		"client-credentials")) {
		if (!login->options->device && !login->options->paste)
			return 0;
		return error_set(err, ERROR_USAGE,
		    "%s: --device and --paste do not apply to "
		    "grant = client-credentials",
		    login->name);
	}
	if (why == NULL || !login_wants_device(login))
		return 0;
	error_set(err, ERROR_CONFIG, "%s: %s", login->name, why);
	return error_hint(err,
	    "use --paste to sign in on another computer and paste the final "
	    "URL here");
}

static bool
login_wants_device(const struct login *login)
{
	return login->options->device ||
	    (account_is(login->route.account, SETTING_GRANT, "device-code") &&
		!login->options->paste);
}

static bool
login_has_both(const struct login *login)
{
	const struct provider *provider = login->route.account->provider;

	return (provider->sign_in & ~(unsigned)PROVIDER_OAUTH2) != 0 &&
	    provider->text[PROVIDER_CLIENT_HELP] != NULL;
}

/* Without a terminal or an answer: by password, which needs less. */
static int
login_ask_method(struct login *login, enum login_method *ret_method,
    struct error *err)
{
	const struct provider *provider = login->route.account->provider;
	struct secret *answer = secret_new(err);
	struct buf password;
	struct buf question;
	int result = -1;

	if (answer == NULL)
		return -1;
	buf_init(&password, QUESTION_MAX);
	buf_init(&question, QUESTION_MAX);
	if (login_help_password(login, &password, err) == 0 &&
	    buf_add_text(&question, "Sign in by:\n", err) == 0 &&
	    login_add_line(&question, ITEM_INDENT, err, "  1  %s",
		buf_text(&password)) == 0 &&
	    login_add_line(&question, ITEM_INDENT, err,
		"  2  OAuth2 in the browser, with a client that you register: "
		"%s",
		provider->text[PROVIDER_CLIENT_HELP]) == 0 &&
	    buf_add_text(&question, "Which? [1] ", err) == 0)
		result = terminal_ask(buf_text(&question), true, answer, err);
	buf_done(&question);
	buf_done(&password);
	/* No terminal; at the end of its input there is an answer no more. */
	if (result == -1 && err->code == ERROR_INPUT && err->sys_errno != 0)
		result = 0;
	login->has_asked_method = true;
	if (result == 0 && strcmp(secret_bytes(answer), "2") == 0)
		*ret_method = LOGIN_BY_OAUTH2;
	secret_free(answer);
	return result;
}

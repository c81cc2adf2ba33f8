/* SPDX-License-Identifier: MIT */
/*
 * Shows which server a login is for, and asks the user to confirm a provider
 * that only DNS names, before anything is typed or sent.
 */
#include "cli/login.h"

#include "base/buf.h"
#include "credential/terminal.h"

enum {
	QUESTION_MAX = 4096
};

static int login_ask_provider(const struct login *login,
    const struct provider *provider, struct error *err);
static int login_refuse_provider(const struct account *account,
    struct error *err);

int
login_confirm(struct login *login, struct error *err)
{
	const struct account *account = login->route.account;
	const struct provider *provider = account->provider;
	bool was_found = account_found_provider(account) != NULL;

	if (login->is_interactive && provider == NULL &&
	    !login->has_shown_server)
		login_say(login, "server: %s port %u",
		    account->text[SETTING_HOST],
		    account_number(account, SETTING_PORT));
	else if (login->is_interactive && provider != NULL)
		login_say(login, "server: %s port %u, provider %s%s%s%s",
		    account->text[SETTING_HOST],
		    account_number(account, SETTING_PORT), provider->name,
		    was_found ? " (" : "", was_found ? account->found_by : "",
		    was_found ? ")" : "");
	if (provider == NULL || !account->provider_from_dns)
		return 0;
	if (!login->is_interactive)
		return login_refuse_provider(account, err);
	if (login_ask_provider(login, provider, err) == -1)
		return -1;
	if (!login->is_new)
		return 0;
	if (settings_set(&login->options->flags, SETTING_PROVIDER,
		provider->name, "login", err) == -1)
		return -1;
	return login_resolve(login, err);
}

static int
login_ask_provider(const struct login *login, const struct provider *provider,
    struct error *err)
{
	const char *title = provider->text[PROVIDER_TITLE];
	struct buf question;
	bool is_right = false;
	int result;

	buf_init(&question, QUESTION_MAX);
	result = login_add_line(&question, 0, err,
	    "only the MX record of its domain, which anyone may forge, names "
	    "%s as the provider of %s",
	    title != NULL ? title : provider->name, login->name);
	if (result == 0)
		result = buf_add_text(&question, "Is that right? [y/N] ", err);
	if (result == 0)
		result = terminal_ask_yes(buf_text(&question), false, &is_right,
		    err);
	buf_done(&question);
	if (result == -1 && err->code == ERROR_INPUT)
		login_refuse_provider(login->route.account, err);
	if (result == 0 && !is_right) {
		result = error_set(err, ERROR_CONFIG,
		    "%s: provider %s was not confirmed", login->name,
		    provider->name);
		error_hint(err,
		    "name the right one with --provider, or its server with "
		    "--host");
	}
	return result;
}

/* Without a terminal no one can be asked. */
static int
login_refuse_provider(const struct account *account, struct error *err)
{
	const char *provider = account->provider->name;

	error_set(err, ERROR_CONFIG,
	    "provider %s is known only from DNS, which anyone may forge (%s)",
	    provider, account->found_by);
	if (account->name != NULL)
		return error_hint(err,
		    "if it is right, set provider = %s in the account block "
		    "%s",
		    provider, account->name);
	return error_hint(err,
	    "if it is right: postrider login --provider=%s %s", provider,
	    account_label(account));
}

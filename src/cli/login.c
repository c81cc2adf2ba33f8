/* SPDX-License-Identifier: MIT */
/*
 * The steps common to all logins: finds the account, signs in, and adds the
 * account to the configuration. Knows nothing of where a credential comes from.
 */
#include "cli/login.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/paths.h"
#include "base/text.h"
#include "cli/discovery.h"
#include "cli/login-address.h"
#include "config/account-suggestion.h"
#include "config/address-match.h"
#include "config/config-change.h"

enum {
	LIST_MAX = 1024
};

static int login_set_address(struct login *login, struct error *err);
static int login_hint_server(const struct login *login, struct error *err);
static int login_set_user(struct login *login, struct error *err);
static void login_print_written(const struct login *login);
static const struct config_account *find_block(const struct login *login);
static int collect_settings(const struct login *login,
    struct settings *settings, struct error *err);
static int collect_auth(const struct login *login, struct settings *settings,
    struct error *err);

void
login_init(struct login *login, struct options *options)
{
	*login = (struct login){.options = options,
	    .is_interactive = isatty(STDIN_FILENO) == 1};
	route_init(&login->route);
}

void
login_done(struct login *login)
{
	free(login->address);
	free(login->written_to);
	free(login->kept_default);
	route_done(&login->route);
}

int
login_find(struct login *login, struct error *err)
{
	const char *name = login->options->argument[0];
	const struct config_account *block;

	if (route_load(&login->route, login->options->config_path, err) == -1)
		return -1;
	block = find_block(login);
	login->is_new = block == NULL;
	login->name = block != NULL ? block->name : name;
	if (login->is_new && strchr(name, '@') == NULL) {
		error_set(err, ERROR_USAGE,
		    "%s: neither an account nor an email address", name);
		if (account_suggestion_hint(login->route.config, name, err))
			return -1;
		return login->route.config->account_count > 0
		    ? error_hint(err,
			  "run postrider accounts to list the accounts")
		    : error_hint(err,
			  "type the whole address, for example %s@example.org",
			  name);
	}
	if (login->is_new &&
	    settings_set(&login->options->flags, SETTING_FROM, name, "login",
		err) == -1)
		return -1;
	if (login_resolve(login, err) == -1)
		return login->is_new ? login_hint_server(login, err) : -1;
	if (login_set_address(login, err) == -1)
		return -1;
	if (login->route.account->lacks_server &&
	    login_discover(login, err) == -1)
		return -1;
	return login->is_new || login->has_found_server
	    ? login_set_user(login, err)
	    : 0;
}

int
login_resolve(struct login *login, struct error *err)
{
	struct account_query query = {.name = login->name,
	    .sender = login->is_new ? login->name : NULL,
	    .flags = &login->options->flags,
	    .is_new = login->is_new,
	    .may_lack_server = true};

	return route_resolve(&login->route, &query, login->options->config_path,
	    err);
}

int
login_write(struct login *login, struct error *err)
{
	struct settings settings;
	int result;

	settings_init(&settings);
	result = collect_settings(login, &settings, err);
	if (result == 0)
		result = config_add_account(login->options->config_path,
		    login->name, &settings, &login->written_to,
		    &login->kept_default, err);
	if (result == 0)
		login_print_written(login);
	settings_done(&settings);
	return result;
}

/* If a server is missing, the user or an address is there: the account would
 * not have been resolved without. */
static int
login_set_address(struct login *login, struct error *err)
{
	const struct account *account = login->route.account;
	const char *user = account->text[SETTING_USER];
	const char *address = login->name;

	if (!login->is_new && user != NULL && strchr(user, '@') != NULL)
		address = user;
	else if (!login->is_new && account->list[SETTING_FROM].count > 0)
		address = account->list[SETTING_FROM].element[0];
	/* Without a domain, no server is looked for. */
	login->address = strrchr(address, '@') != NULL
	    ? discovery_address(address, err)
	    : text_format(err, "%s", address);
	return login->address != NULL ? 0 : -1;
}

/* After DNS could not be asked for the provider. */
static int
login_hint_server(const struct login *login, struct error *err)
{
	const char *cause = err->code == ERROR_NO_HOST ? "address"
	    : err->code == ERROR_TEMPORARY             ? "network connection"
						       : NULL;

	if (cause == NULL)
		return -1;
	if (login_hint_address(login, err))
		return -1;
	return error_hint(err,
	    "check the %s, or name the server: postrider login --host=HOST %s",
	    cause, login->name);
}

/* Without a provider, an account has no user unless it is set: its server may
 * need none. A login always signs in, and then the address is the user. */
static int
login_set_user(struct login *login, struct error *err)
{
	struct settings *flags = &login->options->flags;

	if (login->route.account->text[SETTING_USER] != NULL ||
	    flags->text[SETTING_USER] != NULL)
		return 0;
	if (settings_set(flags, SETTING_USER,
		login->is_new ? login->name : login->address, "login",
		err) == -1)
		return -1;
	return login_resolve(login, err);
}

static void
login_print_written(const struct login *login)
{
	const char *before = login->route.config->path;

	if (before != NULL && strcmp(before, paths_system_config()) == 0 &&
	    strcmp(before, login->written_to) != 0)
		login_say(login,
		    "copied %s to %s, which is read in its place from now on",
		    before, login->written_to);
	login_say(login, "added the account \"%s\" to %s", login->name,
	    login->written_to);
	if (login->kept_default != NULL)
		login_say(login,
		    "\"%s\" stays the default account; to change that: "
		    "postrider accounts default %s",
		    login->kept_default, login->name);
}

/* By name, or by an address that is the user of an account. */
static const struct config_account *
find_block(const struct login *login)
{
	const char *name = login->options->argument[0];
	const struct config_account *block =
	    config_find_account(login->route.config, name);
	const char *user;

	if (block != NULL || strchr(name, '@') == NULL)
		return block;
	block = address_match_account(login->route.config,
	    address_match_first(name));
	user = block != NULL ? block->settings.text[SETTING_USER] : NULL;
	return user != NULL && strcmp(user, name) == 0 ? block : NULL;
}

/* Collects the settings of the command line, the provider and the user. */
static int
collect_settings(const struct login *login, struct settings *settings,
    struct error *err)
{
	const struct account *account = login->route.account;
	const struct settings *flags = &login->options->flags;

	for (enum setting_id id = 0; id < SETTING_COUNT; id++) {
		if (flags->text[id] != NULL &&
		    settings_set(settings, id, flags->text[id], "login", err) ==
			-1)
			return -1;
	}
	if (account->provider != NULL &&
	    settings_set(settings, SETTING_PROVIDER, account->provider->name,
		"login", err) == -1)
		return -1;
	if (account->uses_oauth2 && collect_auth(login, settings, err) == -1)
		return -1;
	return settings_set(settings, SETTING_USER, account->text[SETTING_USER],
	    "login", err);
}

/* Adds auth where no other setting implies OAuth2. */
static int
collect_auth(const struct login *login, struct settings *settings,
    struct error *err)
{
	const struct account *account = login->route.account;
	const struct provider *provider = account->provider;
	struct buf list;
	int result = 0;

	if (settings->text[SETTING_CLIENT_ID] != NULL ||
	    settings->text[SETTING_GRANT] != NULL ||
	    settings->text[SETTING_AUTH] != NULL ||
	    (provider != NULL && provider->sign_in == PROVIDER_OAUTH2))
		return 0;
	buf_init(&list, LIST_MAX);
	for (size_t i = 0; i < account->list[SETTING_AUTH].count && result == 0;
	     i++)
		result = buf_addf(&list, err, "%s%s", i > 0 ? "," : "",
		    account->list[SETTING_AUTH].element[i]);
	if (result == 0)
		result = settings_set(settings, SETTING_AUTH, buf_text(&list),
		    "login", err);
	buf_done(&list);
	return result;
}

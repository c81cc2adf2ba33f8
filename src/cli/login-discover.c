/* SPDX-License-Identifier: MIT */
/*
 * The step of login for a domain that no provider is known for: shows what its
 * DNS records and autoconfig files say, has the user confirm it before a
 * password is typed, and asks for the server if nothing is found
 * (login-server.c).
 */
#include "cli/login.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "cli/discovery.h"
#include "cli/login-address.h"
#include "report/report.h"
#include "config/registry.h"
#include "credential/terminal.h"

enum {
	QUESTION_MAX = 4096,
	INDENT = 4,
	PORT_SIZE = sizeof "65535"
};

static int login_run_discovery(struct login *login, struct discovery *discovery,
    struct error *err);
static int login_use_found(struct login *login,
    const struct discovery_result *found, struct error *err);
static int login_refuse_unconfirmed(const struct login *login,
    const struct discovery_result *found, struct error *err);
static int login_ask_found(const struct login *login,
    const struct discovery_result *found, bool *ret_is_right,
    struct error *err);
static int login_write_question(const struct discovery_result *found,
    bool is_likely, struct buf *question, struct error *err);
static int login_check_found(const struct login *login,
    const struct discovery_result *found, struct error *err);
static int login_set_found(struct login *login,
    const struct discovery_result *found, struct error *err);
static int login_refuse_unknown(const struct login *login, struct error *err);

int
login_discover(struct login *login, struct error *err)
{
	const char *domain = strrchr(login->address, '@') + 1;
	char address[LOGIN_ADDRESS_SIZE];
	struct discovery discovery = {.best = NULL};
	int result;

	if (login->is_interactive)
		login_say(login,
		    "no provider is known for %s; looking for its server",
		    domain);
	if (login->is_interactive && login_suggest_address(login, address))
		login_say(login,
		    "did you mean %s? Then press Ctrl-C and run: postrider "
		    "login %s",
		    address, address);
	fflush(stdout);
	if (login_run_discovery(login, &discovery, err) == -1)
		return -1;
	if (discovery.best != NULL) {
		result = login_use_found(login, discovery.best, err);
	} else if (!login->is_interactive) {
		result = login_refuse_unknown(login, err);
	} else {
		login_say(login,
		    "neither its DNS nor an autoconfig file names one");
		fflush(stdout);
		result = login_ask_server(login, err);
	}
	login->has_found_server = result == 0;
	return result;
}

/* As a new account of the address, which is all that counts here. */
static int
login_run_discovery(struct login *login, struct discovery *discovery,
    struct error *err)
{
	const char *config_path = login->options->config_path;
	struct settings flags;
	struct account_query query = {.sender = login->address,
	    .flags = &flags,
	    .is_new = true,
	    .may_lack_server = true};
	struct error ignored;
	struct route route;
	int result;

	settings_init(&flags);
	route_init(&route);
	result =
	    settings_set(&flags, SETTING_FROM, login->address, "login", err);
	if (result == 0)
		result = route_load(&route, config_path, err);
	if (result == 0)
		result = route_resolve(&route, &query, config_path, err);
	if (result == 0)
		discovery_run(discovery, login->address, &route, false);
	if (result == 0 && discovery->best != NULL)
		registry_load_for(login->route.config, REGISTRY_HOST,
		    discovery->best->host, &ignored);
	route_done(&route);
	settings_done(&flags);
	return result;
}

static int
login_use_found(struct login *login, const struct discovery_result *found,
    struct error *err)
{
	bool is_right = false;

	if (!login->is_interactive)
		return login_refuse_unconfirmed(login, found, err);
	if (login_ask_found(login, found, &is_right, err) == -1)
		return err->code == ERROR_INPUT
		    ? login_refuse_unconfirmed(login, found, err)
		    : -1;
	return is_right ? login_set_found(login, found, err)
			: login_ask_server(login, err);
}

/* Without a terminal no one can be asked. */
static int
login_refuse_unconfirmed(const struct login *login,
    const struct discovery_result *found, struct error *err)
{
	static const char safe[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
	    "@%+=:,./-_";
	const struct provider *provider =
	    config_provider_of_host(login->route.config, found->host);
	/* A user such as corp\alice, for a shell. */
	const char *quote =
	    found->user[strspn(found->user, safe)] != '\0' ? "'" : "";

	error_set(err, ERROR_CONFIG,
	    "no provider is known for %s; %s names the server %s port %u, "
	    "which a person must confirm",
	    strrchr(login->address, '@') + 1, found->place, found->host,
	    found->port);
	if (!login->is_new && provider != NULL)
		return error_hint(err,
		    "if it is right, set provider = %s in the account block %s",
		    provider->name, login->name);
	if (!login->is_new)
		return error_hint(err,
		    "if it is right, set host = %s, port = %u and tls = %s in "
		    "the account block %s",
		    found->host, found->port, found->tls, login->name);
	if (provider != NULL)
		return error_hint(err,
		    "if it is right: postrider login --provider=%s %s",
		    provider->name, login->name);
	return error_hint(err,
	    "if it is right: postrider login --host=%s --port=%u "
	    "--tls=%s%s%s%s%s "
	    "%s",
	    found->host, found->port, found->tls,
	    *found->user != '\0' ? " --user=" : "", quote, found->user, quote,
	    login->name);
}

/* A host of the domain itself, or a file from its web server, is probably
 * right, and Enter accepts it. */
static int
login_ask_found(const struct login *login, const struct discovery_result *found,
    bool *ret_is_right, struct error *err)
{
	bool is_likely = found->is_authenticated ||
	    discovery_is_own_host(found, login->address);
	struct buf question;
	int result;

	buf_init(&question, QUESTION_MAX);
	result = login_write_question(found, is_likely, &question, err);
	if (result == 0)
		result = terminal_ask_yes(buf_text(&question), is_likely,
		    ret_is_right, err);
	buf_done(&question);
	return result;
}

static int
login_write_question(const struct discovery_result *found, bool is_likely,
    struct buf *question, struct error *err)
{
	if (login_add_line(question, INDENT, err, "found: %s port %u, %s%s%s",
		found->host, found->port,
		strcmp(found->tls, "implicit") == 0 ? "implicit TLS"
						    : "STARTTLS",
		*found->user != '\0' ? ", user " : "", found->user) == -1 ||
	    login_add_line(question, INDENT, err, "  named by %s%s",
		found->place,
		is_likely ? "" : ", which anyone may forge") == -1)
		return -1;
	return buf_addf(question, err, "Is this the server for your mail? %s ",
	    is_likely ? "[Y/n]" : "[y/N]");
}

static int
login_set_found(struct login *login, const struct discovery_result *found,
    struct error *err)
{
	const struct provider *provider =
	    config_provider_of_host(login->route.config, found->host);
	const struct config_account *block;
	struct settings *flags = &login->options->flags;
	char port[PORT_SIZE];

	if (provider != NULL) {
		if (settings_set(flags, SETTING_PROVIDER, provider->name,
			"login", err) == -1)
			return -1;
		return login_resolve(login, err);
	}
	if (login_check_found(login, found, err) == -1)
		return -1;
	/* The address would not be known any more. */
	block = config_find_account(login->route.config, login->name);
	if (block != NULL && *found->user != '\0' &&
	    strcmp(found->user, login->address) != 0 &&
	    block->settings.text[SETTING_FROM] == NULL &&
	    settings_set(flags, SETTING_FROM, login->address, "login", err) ==
		-1)
		return -1;
	snprintf(port, sizeof port, "%u", found->port);
	login->has_shown_server = true;
	/* The address as the user writes it is the user, too. */
	return login_set_server(login, found->host, port, found->tls,
	    strcmp(found->user, login->address) == 0 ? "" : found->user, err);
}

static int
login_check_found(const struct login *login,
    const struct discovery_result *found, struct error *err)
{
	const struct settings *flags = &login->options->flags;

	if (strcmp(found->auth, "none") == 0) {
		error_set(err, ERROR_CONFIG,
		    "%s accepts mail without a sign-in, from its own network "
		    "only",
		    found->host);
		return error_hint(err,
		    "use an account block without user: host = %s, port = %u, "
		    "tls = %s",
		    found->host, found->port, found->tls);
	}
	if (strcmp(found->auth, "oauth2") != 0 ||
	    flags->text[SETTING_PROVIDER] != NULL)
		return 0;
	error_set(err, ERROR_CONFIG,
	    "%s accepts only OAuth2, and its OAuth2 server is not known",
	    found->host);
	return error_hint(err,
	    "describe it in a provider block with host, issuer, scope and "
	    "bearer: see PROVIDERS in postrider(5)");
}

int
login_set_server(struct login *login, const char *host, const char *port,
    const char *tls, const char *user, struct error *err)
{
	struct settings *flags = &login->options->flags;
	const struct {
		enum setting_id id;
		const char *value;
	} values[] = {
	    {SETTING_HOST, host},
	    {SETTING_PORT, port},
	    {SETTING_TLS, tls},
	    {SETTING_USER, user},
	};

	/* What the command line says stays. */
	for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
		if (*values[i].value != '\0' &&
		    flags->text[values[i].id] == NULL &&
		    settings_set(flags, values[i].id, values[i].value,
			"the server", err) == -1)
			return -1;
	}
	return login_resolve(login, err);
}

static int
login_refuse_unknown(const struct login *login, struct error *err)
{
	const char *domain = strrchr(login->address, '@') + 1;

	error_set(err, ERROR_CONFIG,
	    "no known mail provider for the domain %s, and neither its DNS "
	    "nor an autoconfig file names a server",
	    domain);
	if (!login->is_new)
		return error_hint(err,
		    "set host or provider in the account block %s",
		    login->name);
	if (login_hint_address(login, err))
		return -1;
	return error_hint(err,
	    "name the server: postrider login --host=HOST %s", login->name);
}

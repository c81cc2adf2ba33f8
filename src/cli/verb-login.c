/* SPDX-License-Identifier: MIT */
/*
 * login: asks for a password, signs in with it for real, and only then keeps it
 * and writes the account down.
 */
#include "cli/verbs.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/text.h"
#include "cli/diagnose.h"
#include "cli/json.h"
#include "cli/params.h"
#include "cli/report.h"
#include "cli/verb-options.h"
#include "config/account.h"
#include "config/config.h"
#include "credential/client.h"
#include "credential/prompt.h"
#include "smtp/session.h"

enum {
	TRIES_MAX = 3
};

struct login {
	struct verb_options options;
	struct config *config;
	struct account *account;
	struct selection selection;
	struct secret *secret;
	char *written; /* where the account was added, or NULL */
	bool is_new;   /* the configuration has no such account yet */
	bool typed;    /* a person is at the terminal and may try again */
};

static int log_in(struct login *login, struct error *err);
static int find_account(struct login *login, struct error *err);
static int check_way_in(const struct login *login, struct error *err);
static int ask_until_it_works(struct login *login, struct error *err);
static int ask(struct login *login, struct error *err);
static int try_secret(struct login *login, struct error *err);
static int hand_out(void *context, const struct secret **ret_secret,
    struct error *err);
static int keep(struct login *login, struct error *err);
static int write_account(struct login *login, struct error *err);
static void print_json(const struct login *login);
static int describe(const struct login *login, struct settings *settings,
    struct error *err);

int
verb_login(int argc, char *const argv[])
{
	struct login login = {.typed = isatty(STDIN_FILENO) == 1};
	struct error err;
	int status = 0;

	verb_options_init(&login.options);
	if (verb_options_parse(&login.options, VERB_NEEDS_AN_ARGUMENT, argc,
		argv, &err) == -1 ||
	    log_in(&login, &err) == -1)
		status = verb_failure(&login.options, &err);
	else if (login.options.json)
		print_json(&login);
	free(login.written);
	secret_free(login.secret);
	account_free(login.account);
	config_free(login.config);
	verb_options_done(&login.options);
	return status;
}

static int
log_in(struct login *login, struct error *err)
{
	login->config = config_load(login->options.config_path, err);
	if (login->config == NULL || find_account(login, err) == -1 ||
	    check_way_in(login, err) == -1 ||
	    ask_until_it_works(login, err) == -1 || keep(login, err) == -1)
		return -1;
	return login->is_new ? write_account(login, err) : 0;
}

/* A block of that name, else an address of a provider that can be found. */
static int
find_account(struct login *login, struct error *err)
{
	const char *name = login->options.argument;
	struct settings *flags = &login->options.flags;
	struct account_query query = {.name = name, .flags = flags};

	login->is_new = config_find_account(login->config, name) == NULL;
	if (login->is_new) {
		query.anew = true;
		query.sender = name;
		if (strchr(name, '@') == NULL) {
			error_set(err, ERROR_USAGE,
			    "%s: neither an account nor an address", name);
			return error_hint(err,
			    "postrider accounts lists the accounts");
		}
		if (settings_set(flags, SETTING_FROM, name, "login", err) == -1)
			return -1;
	}
	login->account = account_resolve(login->config, &query, err);
	return login->account == NULL ? -1 : 0;
}

static int
check_way_in(const struct login *login, struct error *err)
{
	const struct account *account = login->account;
	const struct provider *provider = account->provider;
	const char *help =
	    provider != NULL ? provider->text[PROVIDER_CREDENTIAL_HELP] : NULL;

	if (account->user == NULL) {
		error_set(err, ERROR_CONFIG, "%s: no user to sign in as",
		    login->options.argument);
		return error_hint(err, "name one, by --user");
	}
	if (params_check(account, err) == -1)
		return -1;
	if (account->credential != NULL &&
	    !text_equals(account->credential, "keyring")) {
		error_set(err, ERROR_CONFIG,
		    "%s: its credential isn't in the keyring, where login "
		    "would put it",
		    login->options.argument);
		return error_hint(err,
		    "put the password where the setting credential says, or "
		    "remove that setting");
	}
	if (provider != NULL && provider->sign_in == PROVIDER_OAUTH2) {
		error_set(err, ERROR_CONFIG,
		    "%s takes no passwords, and login has no OAuth2 yet",
		    provider->name);
		return error_hint(err,
		    "use a token from another program: "
		    "credential = \"command:...\" and "
		    "auth = { xoauth2 }");
	}
	if (help != NULL && login->typed && !login->options.json)
		printf("password to use: %s\n", help);
	return 0;
}

static int
ask_until_it_works(struct login *login, struct error *err)
{
	for (int i = 0; i < TRIES_MAX; i++) {
		if (i > 0)
			report_error(err);
		if (ask(login, err) == -1)
			return -1;
		if (try_secret(login, err) == 0)
			return 0;
		if (err->code != ERROR_AUTH || !login->typed)
			return -1;
	}
	return -1;
}

/* On the terminal; a script gives the password on standard input. */
static int
ask(struct login *login, struct error *err)
{
	struct credential_request request =
	    params_for_credential(login->account, &login->selection);

	secret_free(login->secret);
	login->secret = secret_new(err);
	if (login->secret == NULL)
		return -1;
	if (login->typed)
		return credential_prompt(&request, NULL, login->secret, err);
	if (secret_read(login->secret, STDIN_FILENO, INT64_MAX, err) == -1)
		return -1;
	secret_cut_line(login->secret);
	if (secret_len(login->secret) > 0)
		return 0;
	error_set(err, ERROR_AUTH, "no password on standard input");
	return error_hint(err, "run login in a terminal, or pipe it in");
}

static int
try_secret(struct login *login, struct error *err)
{
	const struct account *account = login->account;
	struct options as_options = {.verbose = login->options.verbose};
	struct report report;
	struct smtp_params params =
	    params_for_session(account, clock_now_ms() + account->deadline_ms);
	struct smtp_session *session;

	report_init(&report, &as_options);
	params.await_secret = hand_out;
	params.secret_context = login;
	params.transcript = report_transcript(&report);
	session = smtp_session_open(&params, err);
	if (session == NULL) {
		diagnose(err, login->config, account);
		return -1;
	}
	smtp_session_close(session);
	if (!login->options.json)
		printf("signed in to %s as %s\n", account->host, account->user);
	return 0;
}

static int
hand_out(void *context, const struct secret **ret_secret, struct error *err)
{
	const struct login *login = context;

	(void)err;
	*ret_secret = login->secret;
	return 0;
}

static int
keep(struct login *login, struct error *err)
{
	struct credential_request request =
	    params_for_credential(login->account, &login->selection);

	if (credential_store(&request, login->secret, err) == -1)
		return -1;
	if (!login->options.json)
		printf("the password is in the %s\n",
		    request.helper != NULL ? "credential helper" : "keyring");
	return 0;
}

static int
write_account(struct login *login, struct error *err)
{
	struct settings settings;
	int result;

	settings_init(&settings);
	result = describe(login, &settings, err);
	if (result == 0)
		result = config_add_account(login->options.config_path,
		    login->options.argument, &settings, &login->written, err);
	if (result == 0 && !login->options.json)
		printf("account \"%s\" is in %s\n", login->options.argument,
		    login->written);
	settings_done(&settings);
	return result;
}

/* What was given on the command line, and what the account is known by. */
static int
describe(const struct login *login, struct settings *settings,
    struct error *err)
{
	const struct account *account = login->account;
	const struct settings *flags = &login->options.flags;

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
	return settings_set(settings, SETTING_USER, account->user, "login",
	    err);
}

static void
print_json(const struct login *login)
{
	const struct account *account = login->account;
	struct json json = {.out = stdout};

	json_open(&json, NULL, '{');
	json_text(&json, "status", "signed-in");
	json_text(&json, "account", login->options.argument);
	json_text(&json, "host", account->host);
	json_number(&json, "port", account->port);
	json_text(&json, "user", account->user);
	json_text(&json, "added_to", login->written);
	json_close(&json, '}');
	json_end(&json);
}

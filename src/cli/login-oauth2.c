/* SPDX-License-Identifier: MIT */
/*
 * login by OAuth2: postrider-credential gets and stores the tokens; this
 * program only gets the access token, to sign in with it once.
 */
#include "cli/login.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "base/wrap.h"
#include "cli/login-help.h"
#include "report/terminal-style.h"
#include "submit/params.h"
#include "credential/credential.h"
#include "credential/invocation.h"
#include "credential/keeper.h"
#include "credential/terminal.h"

enum {
	QUESTION_MAX = 8192,
	OUTPUT_MAX = 65536
};

/* Settings that stored tokens depend on. */
static const enum setting_id client_settings[] = {SETTING_AUTH, SETTING_MAILBOX,
    SETTING_GRANT, SETTING_CLIENT_ID, SETTING_CLIENT_SECRET,
    SETTING_CLIENT_CERT_FILE, SETTING_CLIENT_KEY, SETTING_CLIENT_SIGNATURE,
    SETTING_TENANT, SETTING_SCOPE};

static int login_check_settings(const struct login *login, struct error *err);
static int login_read_client_id(const struct login *login,
    struct secret *answer, struct error *err);
static int missing_client_id(const struct login *login, struct error *err);
static int get_tokens(const struct login *login,
    const struct credential_request *request, struct error *err);
static void warn_of_redirect(const struct login *login);
static int try_token(const struct login *login,
    const struct credential_request *request, struct error *err);
static void delete_tokens(const struct credential_request *request);

int
login_check_oauth2(const struct login *login, struct error *err)
{
	if (invocation_check(INVOCATION_OAUTH2, err) == -1 ||
	    login_check_settings(login, err) == -1)
		return -1;
	if (login->route.account->text[SETTING_CLIENT_ID] == NULL &&
	    !(login->is_new && login->is_interactive))
		return missing_client_id(login, err);
	return 0;
}

int
login_by_oauth2(struct login *login, struct error *err)
{
	struct credential_request request =
	    params_for_credential(&login->route);

	request.prompt = false;
	if (get_tokens(login, &request, err) == -1)
		return -1;
	/* Signing in may have taken longer than the account's time limits. */
	request = params_for_credential(&login->route);
	request.prompt = false;
	if (try_token(login, &request, err) == 0)
		return 0;
	if (login->is_new && !error_is_temporary(err->code))
		delete_tokens(&request);
	return -1;
}

/* Tokens for other settings than the account's would be useless later. */
static int
login_check_settings(const struct login *login, struct error *err)
{
	const struct config_account *block =
	    config_find_account(login->route.config, login->name);
	const struct settings *flags = &login->options->flags;

	for (size_t i = 0; i < sizeof client_settings / sizeof *client_settings;
	     i++) {
		enum setting_id id = client_settings[i];
		const char *given = flags->text[id];
		const char *written =
		    block != NULL ? block->settings.text[id] : NULL;

		if (block == NULL || given == NULL ||
		    (written != NULL && strcmp(written, given) == 0))
			continue;
		error_set(err, ERROR_USAGE,
		    "--%s differs from the account \"%s\", which login does "
		    "not "
		    "change",
		    setting_row(id)->name, login->name);
		return error_hint(err, "edit %s", login->route.config->path);
	}
	return 0;
}

int
login_ask_client(struct login *login, struct error *err)
{
	struct secret *answer;
	int result;

	if (login->route.account->text[SETTING_CLIENT_ID] != NULL)
		return 0;
	login->has_asked_client = true;
	answer = secret_new(err);
	if (answer == NULL)
		return -1;
	result = login_read_client_id(login, answer, err);
	if (result == -1 && err->code == ERROR_INPUT)
		missing_client_id(login, err);
	if (result == 0)
		result = settings_set(&login->options->flags, SETTING_CLIENT_ID,
		    secret_bytes(answer), "the client ID", err);
	secret_free(answer);
	return result == 0 ? login_resolve(login, err) : -1;
}

static int
login_read_client_id(const struct login *login, struct secret *answer,
    struct error *err)
{
	struct buf question;
	int result;

	buf_init(&question, QUESTION_MAX);
	result = login_add_line(&question, 0, err,
	    "Register postrider once as an OAuth2 client with the provider "
	    "(\"man postrider-oauth\" describes each step):");
	if (result == 0)
		result = login_add_line(&question, 2, err, "  %s",
		    login_help_client(login));
	if (result == 0)
		result = buf_add_text(&question, "Its client ID: ", err);
	if (result == 0)
		result = terminal_ask(buf_text(&question), true, answer, err);
	if (result == 0 && secret_len(answer) == 0)
		result = missing_client_id(login, err);
	buf_done(&question);
	return result;
}

static int
missing_client_id(const struct login *login, struct error *err)
{
	error_set(err, ERROR_CONFIG, "%s: OAuth2 needs a client ID",
	    login->name);
	if (login->is_new)
		return error_hint(err,
		    "register a client: %s; then: postrider login "
		    "--client-id=ID %s",
		    login_help_client(login), login->name);
	return error_hint(err,
	    "register a client: %s; then set client-id in %s",
	    login_help_client(login), login->route.config->path);
}

static int
get_tokens(const struct login *login, const struct credential_request *request,
    struct error *err)
{
	char device[] = "--device";
	char paste[] = "--paste";
	char *more[] = {login->options->device ? device
		: login->options->paste        ? paste
					       : NULL,
	    NULL};

	if (!login->options->device)
		warn_of_redirect(login);
	/* Before the output of the other program. */
	fflush(stdout);
	return keeper_login(request, more, login->options->report.json, err);
}

/* A redirect URI that is not registered shows only in the browser. */
static void
warn_of_redirect(const struct login *login)
{
	const struct account *account = login->route.account;
	FILE *out = login->options->report.json ? stderr : stdout;

	if (account->provider == NULL ||
	    account->provider->text[PROVIDER_CLIENT_HELP] == NULL ||
	    !account_is(account, SETTING_GRANT, "authorization-code"))
		return;
	wrap_print(out,
	    "If the browser reports an unknown client or redirect URI, check "
	    "the registration of the client",
	    0, 0, terminal_columns(out));
	if (!login->has_asked_client)
		wrap_print(out, login_help_client(login), 0, 2,
		    terminal_columns(out));
}

static int
try_token(const struct login *login, const struct credential_request *request,
    struct error *err)
{
	struct credential *credential = credential_start(request, err);
	const struct secret *token;
	int result = -1;

	if (credential == NULL)
		return -1;
	if (credential_await(credential, &token, err) == 0)
		result = login_try(login, token, err);
	credential_free(credential);
	return result;
}

/* Errors are ignored: tokens that remain do no harm. */
static void
delete_tokens(const struct credential_request *request)
{
	struct error ignored;
	struct buf output;

	buf_init(&output, OUTPUT_MAX);
	keeper_logout(request, &output, &ignored);
	buf_done(&output);
}

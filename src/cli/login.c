/* SPDX-License-Identifier: MIT */
/*
 * The first and the last steps of a login: which account, whether it works, and
 * writing it down. Doesn't know where a credential comes from.
 */
#include "cli/login.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/text.h"
#include "cli/diagnose.h"
#include "cli/params.h"
#include "cli/pop-first.h"
#include "cli/report.h"
#include "config/owner.h"
#include "smtp/session.h"

enum {
	LIST_MAX = 1024
};

static const struct config_account *find_block(const struct login *login);
static int hand_out(void *context, const struct secret **ret_secret,
    struct error *err);
static int describe(const struct login *login, struct settings *settings,
    struct error *err);
static int describe_auth(const struct login *login, struct settings *settings,
    struct error *err);

void
login_init(struct login *login, struct options *options)
{
	*login = (struct login){.options = options,
	    .typed = isatty(STDIN_FILENO) == 1};
	selection_init(&login->selection);
}

void
login_done(struct login *login)
{
	free(login->written);
	selection_done(&login->selection);
	account_free(login->account);
	config_free(login->config);
}

int
login_find(struct login *login, struct error *err)
{
	const char *name = login->options->argument[0];
	const struct config_account *block;

	login->config = config_load(login->options->config_path, err);
	if (login->config == NULL)
		return -1;
	block = find_block(login);
	login->is_new = block == NULL;
	login->name = block != NULL ? block->name : name;
	if (login->is_new && strchr(name, '@') == NULL) {
		error_set(err, ERROR_USAGE,
		    "%s: neither an account nor an address", name);
		return error_hint(err, "postrider accounts lists the accounts");
	}
	if (login->is_new &&
	    settings_set(&login->options->flags, SETTING_FROM, name, "login",
		err) == -1)
		return -1;
	return login_resolve(login, err);
}

int
login_resolve(struct login *login, struct error *err)
{
	struct account_query query = {.name = login->name,
	    .sender = login->is_new ? login->name : NULL,
	    .flags = &login->options->flags,
	    .anew = login->is_new};

	account_free(login->account);
	login->account = account_resolve(login->config, &query, err);
	if (login->account == NULL || params_check(login->account, err) == -1)
		return -1;
	return selection_compose(&login->selection, login->account,
	    login->options->config_path, &login->options->flags, login->is_new,
	    err);
}

int
login_try(const struct login *login, const struct secret *secret,
    struct error *err)
{
	const struct account *account = login->account;
	struct report report;
	struct smtp_params params = params_for_session(account,
	    clock_now_ms() + account_duration_ms(account, SETTING_DEADLINE));
	struct smtp_session *session;

	report_init(&report, login->options);
	params.await_secret = hand_out;
	params.secret_context = (void *)secret;
	params.transcript = report_transcript(&report);
	session = NULL;
	if (!account_signs_in_by_pop(account) ||
	    pop_first(account, &login->selection, secret, &params.transcript,
		err) == 0)
		session = smtp_session_open(&params, err);
	if (session == NULL) {
		diagnose(err, login->config, account);
		return -1;
	}
	smtp_session_close(session);
	if (!login->options->json)
		printf("signed in to %s as %s\n", account->text[SETTING_HOST],
		    account->text[SETTING_USER]);
	return 0;
}

int
login_write(struct login *login, struct error *err)
{
	struct settings settings;
	int result;

	settings_init(&settings);
	result = describe(login, &settings, err);
	if (result == 0)
		result = config_add_account(login->options->config_path,
		    login->name, &settings, &login->written, err);
	if (result == 0 && !login->options->json)
		printf("account \"%s\" is in %s\n", login->name,
		    login->written);
	settings_done(&settings);
	return result;
}

/* An address may be the user of a block with another name. */
static const struct config_account *
find_block(const struct login *login)
{
	const char *name = login->options->argument[0];
	const struct config_account *block =
	    config_find_account(login->config, name);
	const char *user;

	if (block != NULL || strchr(name, '@') == NULL)
		return block;
	block = owner_find(login->config, owner_first(name));
	user = block != NULL ? block->settings.text[SETTING_USER] : NULL;
	return user != NULL && strcmp(user, name) == 0 ? block : NULL;
}

static int
hand_out(void *context, const struct secret **ret_secret, struct error *err)
{
	(void)err;
	*ret_secret = context;
	return 0;
}

/* What was given on the command line, and what the account is known by. */
static int
describe(const struct login *login, struct settings *settings,
    struct error *err)
{
	const struct account *account = login->account;
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
	if (account->uses_oauth2 && describe_auth(login, settings, err) == -1)
		return -1;
	return settings_set(settings, SETTING_USER, account->text[SETTING_USER],
	    "login", err);
}

/* Only where nothing else in the block says that OAuth2 is wanted. */
static int
describe_auth(const struct login *login, struct settings *settings,
    struct error *err)
{
	const struct account *account = login->account;
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

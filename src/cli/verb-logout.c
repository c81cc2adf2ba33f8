/* SPDX-License-Identifier: MIT */
/*
 * logout: what is kept of an account's credential is forgotten. Its block in
 * the configuration is the user's and stays.
 */
#include "cli/verbs.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "cli/json.h"
#include "cli/params.h"
#include "cli/verb-account.h"
#include "credential/client.h"
#include "credential/keeper.h"

enum {
	SAID_MAX = 65536,
	LINE_SIZE = 512
};

static int log_out(const struct options *options,
    const struct verb_account *about, struct error *err);
static bool is_kept(const struct account *account);
static int forget(const struct verb_account *about, struct buf *said,
    struct error *err);
static void tell(const struct verb_account *about, const struct buf *said);
static void tell_json(const struct verb_account *about, const struct buf *said);
static bool next_line(const char **at, char line[LINE_SIZE]);

int
verb_logout(struct options *options, struct error *err)
{
	struct verb_account about;
	int result = -1;

	verb_account_init(&about);
	if (verb_account_find(&about, options, err) == 0)
		result = log_out(options, &about, err);
	verb_account_done(&about);
	return result;
}

static int
log_out(const struct options *options, const struct verb_account *about,
    struct error *err)
{
	struct buf said;
	int result = 0;

	buf_init(&said, SAID_MAX);
	if (is_kept(about->account))
		result = forget(about, &said, err);
	if (result == 0 && options->json)
		tell_json(about, &said);
	else if (result == 0)
		tell(about, &said);
	buf_done(&said);
	return result;
}

/* By us or by a credential helper, and not where the user put it. */
static bool
is_kept(const struct account *account)
{
	return account->text[SETTING_USER] != NULL &&
	    (account->text[SETTING_CREDENTIAL] == NULL ||
		text_equals(account->text[SETTING_CREDENTIAL], "keyring"));
}

static int
forget(const struct verb_account *about, struct buf *said, struct error *err)
{
	const struct account *account = about->account;
	struct credential_request request =
	    params_for_credential(account, &about->selection);

	request.selection = about->selection.word;
	if (request.helper == NULL || request.is_token)
		return keeper_logout(&request, said, err);
	if (credential_erase(&request, NULL, err) == -1)
		return -1;
	return buf_add_text(said,
	    "the credential helper was told to forget the password\n", err);
}

static void
tell(const struct verb_account *about, const struct buf *said)
{
	const struct account *account = about->account;
	const char *at = buf_text(said);
	char line[LINE_SIZE];

	while (next_line(&at, line))
		puts(line);
	if (account->text[SETTING_USER] == NULL)
		printf("%s doesn't sign in: there is nothing to forget\n",
		    account_label(account));
	else if (!is_kept(account))
		printf("there is nothing to forget: the credential of %s is "
		       "where the setting credential says, and stays there\n",
		    account_label(account));
	if (account->name != NULL && about->config->path != NULL)
		printf("account \"%s\" stays in %s\n", account->name,
		    about->config->path);
}

static void
tell_json(const struct verb_account *about, const struct buf *said)
{
	const struct account *account = about->account;
	const char *at = buf_text(said);
	struct json json = {.out = stdout};
	char line[LINE_SIZE];

	json_open(&json, NULL, '{');
	json_text(&json, "status",
	    is_kept(account) ? "signed-out" : "nothing-kept");
	json_text(&json, "account", account->name);
	json_text(&json, "host", account->text[SETTING_HOST]);
	json_number(&json, "port", account_number(account, SETTING_PORT));
	json_text(&json, "user", account->text[SETTING_USER]);
	json_open(&json, "done", '[');
	while (next_line(&at, line))
		json_text(&json, NULL, line);
	json_close(&json, ']');
	json_text(&json, "stays_in",
	    account->name != NULL ? about->config->path : NULL);
	json_close(&json, '}');
	json_end(&json);
}

/* Another program's words, made printable. */
static bool
next_line(const char **at, char line[LINE_SIZE])
{
	size_t len = strcspn(*at, "\n");

	if (**at == '\0')
		return false;
	text_printable(line, LINE_SIZE, *at, len);
	*at += len + ((*at)[len] == '\n');
	return true;
}

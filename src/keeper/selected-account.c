/* SPDX-License-Identifier: MIT */
/*
 * Finds the account and the vault of one operation. The program reads the
 * configuration itself: a caller can name an account, but not the server that a
 * secret is sent to.
 */
#include "keeper/selected-account.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

enum {
	PLACE_LIMIT_MS = 60 * 1000 /* helpers and commands may prompt */
};

static int compose_selection(struct selected_account *selected,
    const struct helper_options *options, struct error *err);
static int take_account(struct selected_account *selected,
    struct account *account, struct error *err);
static int take_question(struct selected_account *selected,
    const struct credential_message *question, struct error *err);
static int match_account(struct selected_account *selected, struct error *err);
static bool question_means(const struct selected_account *selected,
    const struct account *account);
static bool is_ourselves(const char *helper);
static int open_vault(struct selected_account *selected,
    void (*on_prompt)(void), struct error *err);

int
selected_account_find(struct selected_account *selected,
    const struct helper_options *options,
    const struct credential_message *question, void (*on_prompt)(void),
    struct error *err)
{
	struct account *account;

	*selected = (struct selected_account){0};
	selected->config = config_load(options->config_path, err);
	if (selected->config == NULL)
		return -1;
	if (options->selects_account) {
		account =
		    helper_options_resolve(options, selected->config, err);
		if (account == NULL ||
		    take_account(selected, account, err) == -1)
			return -1;
	} else if (take_question(selected, question, err) == -1 ||
	    match_account(selected, err) == -1) {
		return -1;
	}
	if (compose_selection(selected, options, err) == -1)
		return -1;
	return open_vault(selected, on_prompt, err);
}

void
selected_account_done(struct selected_account *selected)
{
	vault_close(selected->vault);
	free(selected->host);
	free((void *)selected->selection);
	free(selected->account_word);
	account_free(selected->account);
	config_free(selected->config);
	*selected = (struct selected_account){0};
}

bool
selected_account_has_tokens(const struct selected_account *selected)
{
	return selected->account != NULL && selected->account->uses_oauth2 &&
	    selected->account->text[SETTING_CLIENT_ID] != NULL;
}

struct vault_key
selected_account_key(const struct selected_account *selected,
    const char *service)
{
	return (struct vault_key){.service = service,
	    .host = selected->host,
	    .port = selected->port,
	    .user = selected->user};
}

/*
 * Takes the account, even on failure. Its host and port name the entry in the
 * vault, not the question's, which may differ in case or lack a port.
 */
static int
take_account(struct selected_account *selected, struct account *account,
    struct error *err)
{
	selected->account = account;
	free(selected->host);
	selected->host = strdup(account->text[SETTING_HOST]);
	if (selected->host == NULL)
		return error_no_memory(err);
	selected->port = account_number(account, SETTING_PORT);
	selected->user = account->text[SETTING_USER];
	return 0;
}

static int
take_question(struct selected_account *selected,
    const struct credential_message *question, struct error *err)
{
	selected->user = question->value[CREDENTIAL_USERNAME];
	return credential_message_split_server(question, &selected->host,
	    &selected->port, err);
}

/* A block that can't be used doesn't concern this question. */
static int
match_account(struct selected_account *selected, struct error *err)
{
	struct settings no_flags;
	int result = 0;

	settings_init(&no_flags);
	for (size_t i = 0; i < selected->config->account_count; i++) {
		const struct account_query query =
		    {.name = selected->config->account[i].name,
			.flags = &no_flags,
			.offline = true};
		struct account *account =
		    account_resolve(selected->config, &query, err);

		if (account != NULL && question_means(selected, account)) {
			result = take_account(selected, account, err);
			break;
		}
		account_free(account);
	}
	settings_done(&no_flags);
	return result;
}

static bool
question_means(const struct selected_account *selected,
    const struct account *account)
{
	return account->text[SETTING_USER] != NULL &&
	    strcmp(account->text[SETTING_USER], selected->user) == 0 &&
	    text_equals(account->text[SETTING_HOST], selected->host) &&
	    (selected->port == 0 ||
		selected->port == account_number(account, SETTING_PORT));
}

/* Those of the options, and the name of an account that a question means. */
static int
compose_selection(struct selected_account *selected,
    const struct helper_options *options, struct error *err)
{
	size_t count = options->selection_count;

	selected->selection = calloc(count + 2, sizeof(char *));
	if (selected->selection == NULL)
		return error_no_memory(err);
	for (size_t i = 0; i < count; i++)
		selected->selection[i] = options->selection[i];
	if (options->selects_account || selected->account == NULL)
		return 0;
	selected->account_word =
	    text_format(err, "--account=%s", selected->account->name);
	if (selected->account_word == NULL)
		return -1;
	selected->selection[count] = selected->account_word;
	return 0;
}

/* Whether a helper is this program, which would start itself without end. */
static bool
is_ourselves(const char *helper)
{
	static const char *const names[] = {"postrider",
	    "git-credential-postrider", "postrider-credential"};
	size_t len = strcspn(helper, " \t");
	const char *slash = memrchr(helper, '/', len);
	const char *name = slash != NULL ? slash + 1 : helper;

	len -= (size_t)(name - helper);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		if (text_is(name, len, names[i]))
			return true;
	}
	return false;
}

static int
open_vault(struct selected_account *selected, void (*on_prompt)(void),
    struct error *err)
{
	const struct account *account = selected->account;
	struct vault_place place = {.on_prompt = on_prompt,
	    .limit_ms = PLACE_LIMIT_MS};

	if (account != NULL) {
		place.directory = account->text[SETTING_CREDENTIAL_FOLDER];
		place.encrypt = account->text[SETTING_CREDENTIAL_ENCRYPT];
		place.decrypt = account->text[SETTING_CREDENTIAL_DECRYPT];
		if (account->uses_oauth2)
			place.helper = account->text[SETTING_CREDENTIAL_HELPER];
	}
	if (place.helper != NULL && is_ourselves(place.helper)) {
		error_set(err, ERROR_CONFIG,
		    "credential-helper \"%s\" would start itself",
		    place.helper);
		return error_hint(err,
		    "remove credential-helper to use the keyring");
	}
	selected->vault = vault_open(&place, err);
	return selected->vault == NULL ? -1 : 0;
}

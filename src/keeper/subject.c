/* SPDX-License-Identifier: MIT */
/*
 * Account and vault of one operation. The configuration is read here on its
 * own: who asks can name an account, but no place where a secret is sent to.
 */
#include "keeper/subject.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

enum {
	PLACE_LIMIT_MS = 60 * 1000 /* helpers and commands may ask a person */
};

static int select_account(struct subject *subject,
    const struct keeper_options *options, struct error *err);
static int take_account(struct subject *subject, struct account *account,
    struct error *err);
static int take_question(struct subject *subject,
    const struct credential_message *question, struct error *err);
static int match_account(struct subject *subject, struct error *err);
static bool is_meant(const struct subject *subject,
    const struct account *account);
static bool is_ourselves(const char *helper);
static int open_vault(struct subject *subject, void (*on_prompt)(void),
    struct error *err);

int
subject_find(struct subject *subject, const struct keeper_options *options,
    const struct credential_message *question, void (*on_prompt)(void),
    struct error *err)
{
	*subject = (struct subject){0};
	subject->config = config_load(options->config_path, err);
	if (subject->config == NULL)
		return -1;
	if (options->selects) {
		if (select_account(subject, options, err) == -1)
			return -1;
	} else if (question != NULL) {
		if (take_question(subject, question, err) == -1 ||
		    match_account(subject, err) == -1)
			return -1;
	}
	return open_vault(subject, on_prompt, err);
}

void
subject_done(struct subject *subject)
{
	vault_close(subject->vault);
	free(subject->host);
	account_free(subject->account);
	config_free(subject->config);
	*subject = (struct subject){0};
}

bool
subject_has_tokens(const struct subject *subject)
{
	return subject->account != NULL && subject->account->uses_oauth2 &&
	    subject->account->text[SETTING_CLIENT_ID] != NULL;
}

struct vault_key
subject_key(const struct subject *subject, const char *service)
{
	return (struct vault_key){.service = service,
	    .host = subject->host,
	    .port = subject->port,
	    .user = subject->user};
}

static int
select_account(struct subject *subject, const struct keeper_options *options,
    struct error *err)
{
	const struct account_query query = {.name = options->account,
	    .flags = &options->flags,
	    .anew = options->is_new};

	struct account *account = account_resolve(subject->config, &query, err);

	if (account == NULL || take_account(subject, account, err) == -1)
		return -1;
	if (subject->user != NULL)
		return 0;
	return error_set(err, ERROR_CONFIG, "%s: no user to sign in as",
	    subject->host);
}

/*
 * Takes it, even on failure. Its own host and port count, not the question's,
 * which may have another case or none: they are what its entry is found by.
 */
static int
take_account(struct subject *subject, struct account *account,
    struct error *err)
{
	subject->account = account;
	free(subject->host);
	subject->host = strdup(account->text[SETTING_HOST]);
	if (subject->host == NULL)
		return error_no_memory(err);
	subject->port = account_number(account, SETTING_PORT);
	subject->user = account->text[SETTING_USER];
	return 0;
}

static int
take_question(struct subject *subject,
    const struct credential_message *question, struct error *err)
{
	subject->user = question->value[CREDENTIAL_USERNAME];
	return credential_message_split_server(question, &subject->host,
	    &subject->port, err);
}

/* A block that can't be used is none of this question's business. */
static int
match_account(struct subject *subject, struct error *err)
{
	struct settings no_flags;
	int result = 0;

	settings_init(&no_flags);
	for (size_t i = 0; i < subject->config->account_count; i++) {
		const struct account_query query =
		    {.name = subject->config->account[i].name,
			.flags = &no_flags,
			.offline = true};
		struct account *account =
		    account_resolve(subject->config, &query, err);

		if (account != NULL && is_meant(subject, account)) {
			result = take_account(subject, account, err);
			break;
		}
		account_free(account);
	}
	settings_done(&no_flags);
	return result;
}

static bool
is_meant(const struct subject *subject, const struct account *account)
{
	return account->text[SETTING_USER] != NULL &&
	    strcmp(account->text[SETTING_USER], subject->user) == 0 &&
	    text_equals(account->text[SETTING_HOST], subject->host) &&
	    (subject->port == 0 ||
		subject->port == account_number(account, SETTING_PORT));
}

/* By any of our names: it would start itself without end. */
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
open_vault(struct subject *subject, void (*on_prompt)(void), struct error *err)
{
	const struct account *account = subject->account;
	struct vault_place place = {.on_prompt = on_prompt,
	    .limit_ms = PLACE_LIMIT_MS};

	if (account != NULL) {
		place.folder = account->text[SETTING_CREDENTIAL_FOLDER];
		place.encrypt = account->text[SETTING_CREDENTIAL_ENCRYPT];
		place.decrypt = account->text[SETTING_CREDENTIAL_DECRYPT];
		if (account->uses_oauth2)
			place.helper = account->text[SETTING_CREDENTIAL_HELPER];
	}
	if (place.helper != NULL && is_ourselves(place.helper)) {
		error_set(err, ERROR_CONFIG,
		    "credential-helper \"%s\" would ask itself", place.helper);
		return error_hint(err, "the keyring is used without it");
	}
	subject->vault = vault_open(&place, err);
	return subject->vault == NULL ? -1 : 0;
}

/* SPDX-License-Identifier: MIT */
/*
 * Offers files in place of a keyring that cannot be used: in a terminal, one
 * key chooses how they are protected; elsewhere a hint has the command line.
 * The default is what another account does.
 */
#include "cli/login-place.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/paths.h"
#include "report/report.h"
#include "credential/terminal.h"
#include "submit/params.h"

enum {
	QUESTION_MAX = 4096,
	VALUE_MAX = 16384
};

static const char directory_name[] = "~/.local/share/postrider";

static const enum setting_id ids[] = {SETTING_CREDENTIAL_FOLDER,
    SETTING_CREDENTIAL_ENCRYPT, SETTING_CREDENTIAL_DECRYPT};

/* What is offered. */
struct login_offer {
	struct login *login;
	char *directory;
	const struct login_cipher *cipher[LOGIN_CIPHER_MAX + 1];
	size_t count;

	/* The place of another account: the first cipher, and its texts. */
	struct login_cipher same;
	char *text[sizeof ids / sizeof *ids];
	char *account;
};

static int offer_find(struct login_offer *offer, struct error *err);
static const struct config_account *offer_find_account(
    const struct login *login);
static int offer_add_same(struct login_offer *offer,
    const struct config_account *account, struct error *err);
static const char *offer_find_protection(struct login_offer *offer);
static bool offer_is_same(const struct login_offer *offer,
    const struct login_cipher *cipher);
static const char *offer_directory(const struct login_offer *offer,
    const struct login_cipher *cipher);
static int offer_dialogue(struct login_offer *offer, struct error *err);
static int offer_ask(const struct login_offer *offer, const char *reason,
    char *ret_key, struct error *err);
static int offer_compose(const struct login_offer *offer, const char *reason,
    struct buf *question, struct error *err);
static int offer_do(struct login_offer *offer, char key, struct error *err);
static void offer_forget(struct login_offer *offer);
static int offer_take(struct login_offer *offer,
    const struct login_cipher *cipher, struct error *err);
static int offer_set(struct login_offer *offer,
    const struct login_cipher *cipher, enum setting_id id, struct error *err);
static int offer_hint(const struct login_offer *offer, struct error *err);

int
login_offer_files(struct login *login, struct error *err)
{
	struct login_offer offer = {.login = login};
	struct error ignored;
	int result = -1;

	if (offer_find(&offer, &ignored) == 0 && offer.count > 0)
		result = login->is_interactive &&
			login_check_config(login, &ignored) == 0
		    ? offer_dialogue(&offer, err)
		    : offer_hint(&offer, err);
	for (size_t i = 0; i < sizeof ids / sizeof *ids; i++)
		free(offer.text[i]);
	free(offer.account);
	free(offer.directory);
	return result;
}

static int
offer_find(struct login_offer *offer, struct error *err)
{
	struct credential_request request =
	    params_for_credential(&offer->login->route);
	const struct config_account *account = offer_find_account(offer->login);

	offer->directory = paths_expand(directory_name, err);
	if (offer->directory == NULL)
		return -1;
	offer->count =
	    login_cipher_find(&request, offer->directory, offer->cipher);
	return account != NULL ? offer_add_same(offer, account, err) : 0;
}

/* The first that stores its credential in files. NULL if there is none. */
static const struct config_account *
offer_find_account(const struct login *login)
{
	const struct config *config = login->route.config;

	for (size_t i = 0; i < config->account_count; i++) {
		const struct config_account *account = &config->account[i];

		if (account->settings.text[SETTING_CREDENTIAL_FOLDER] != NULL &&
		    account->settings.text[SETTING_CREDENTIAL_ENCRYPT] !=
			NULL &&
		    strcmp(account->name, login->name) != 0)
			return account;
	}
	return NULL;
}

/* Puts it first, in place of the cipher that does the same. */
static int
offer_add_same(struct login_offer *offer, const struct config_account *account,
    struct error *err)
{
	size_t kept = 0;

	offer->account = strdup(account->name);
	if (offer->account == NULL)
		return error_no_memory(err);
	for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
		const char *text = account->settings.text[ids[i]];

		offer->text[i] = text != NULL ? strdup(text) : NULL;
		if (text != NULL && offer->text[i] == NULL)
			return error_no_memory(err);
	}
	offer->same = (struct login_cipher){.encrypt = offer->text[1],
	    .decrypt = offer->text[2]};
	offer->same.protection = offer_find_protection(offer);
	for (size_t i = 0; i < offer->count; i++) {
		if (!offer_is_same(offer, offer->cipher[i]))
			offer->cipher[kept++] = offer->cipher[i];
	}
	memmove(&offer->cipher[1], &offer->cipher[0],
	    kept * sizeof offer->cipher[0]);
	offer->cipher[0] = &offer->same;
	offer->count = kept + 1;
	return 0;
}

static const char *
offer_find_protection(struct login_offer *offer)
{
	for (size_t i = 0; i < offer->count; i++) {
		if (offer_is_same(offer, offer->cipher[i]))
			return offer->cipher[i]->protection;
	}
	return "encrypted by the same commands";
}

/* Whether a cipher has the commands of the other account. */
static bool
offer_is_same(const struct login_offer *offer,
    const struct login_cipher *cipher)
{
	struct error ignored;
	struct buf text;
	bool is_same;

	buf_init(&text, VALUE_MAX);
	is_same = login_cipher_add(cipher, SETTING_CREDENTIAL_ENCRYPT,
		      offer->directory, &text, &ignored) == 0 &&
	    strcmp(buf_text(&text), offer->same.encrypt) == 0;
	buf_done(&text);
	return is_same;
}

static const char *
offer_directory(const struct login_offer *offer,
    const struct login_cipher *cipher)
{
	return cipher == &offer->same ? offer->text[0] : offer->directory;
}

/* err has the reason why the keyring cannot be used, and keeps it if nothing is
 * chosen. */
static int
offer_dialogue(struct login_offer *offer, struct error *err)
{
	struct error cause = *err;
	const char *reason = cause.message;
	char key;

	fflush(stdout);
	while (offer_ask(offer, reason, &key, err) == 0 && key != 'q') {
		if (offer_do(offer, key, err) == 0)
			return 0;
		report_error(err);
		reason = "";
	}
	if (err->code == ERROR_AUTH) /* a signal */
		return -1;
	*err = cause;
	return offer_hint(offer, err);
}

/* The default is the first, which is the best. */
static int
offer_ask(const struct login_offer *offer, const char *reason, char *ret_key,
    struct error *err)
{
	struct buf question;
	char key = '\0';
	int result;

	buf_init(&question, QUESTION_MAX);
	result = offer_compose(offer, reason, &question, err);
	while (result == 0 && key == '\0') {
		result = terminal_ask_key(buf_text(&question), &key, err);
		if (key == '\n')
			key = '1';
		if (strchr("rq", key) == NULL &&
		    (key < '1' || key >= '1' + (int)offer->count))
			key = '\0';
		buf_clear(&question);
		if (result == 0)
			result = buf_add_text(&question, "Which? [1] ", err);
	}
	buf_done(&question);
	*ret_key = key;
	return result;
}

static int
offer_compose(const struct login_offer *offer, const char *reason,
    struct buf *question, struct error *err)
{
	bool has_same = offer->account != NULL;
	bool is_elsewhere =
	    has_same && strcmp(offer->text[0], offer->directory) != 0;
	int result = buf_addf(question, err,
	    "%s%sStore the %s in files in %s instead:\n", reason,
	    *reason != '\0' ? "\n" : "",
	    offer->login->route.account->uses_oauth2 ? "tokens" : "password",
	    directory_name);

	if (result == 0 && has_same)
		result =
		    buf_addf(question, err, "  1  %s%s%s;\n     as for %s\n",
			offer->same.protection, is_elsewhere ? ", in " : "",
			is_elsewhere ? offer->text[0] : "", offer->account);
	for (size_t i = has_same; i < offer->count && result == 0; i++) {
		const struct login_cipher *cipher = offer->cipher[i];

		result = buf_addf(question, err, "  %zu  %s%s%s\n", i + 1,
		    cipher->protection,
		    cipher->remark != NULL ? ";\n     " : "",
		    cipher->remark != NULL ? cipher->remark : "");
	}
	if (result == 0)
		result = buf_add_text(question,
		    "or:\n"
		    "  r  try the keyring again\n"
		    "  q  quit\n"
		    "Which? [1] ",
		    err);
	return result;
}

static int
offer_do(struct login_offer *offer, char key, struct error *err)
{
	offer_forget(offer);
	offer->login->has_chosen_place = false;
	if (login_resolve(offer->login, err) == -1)
		return -1;
	if (key == 'r')
		return login_check_place(offer->login, err);
	return offer_take(offer, offer->cipher[key - '1'], err);
}

/* Removes what an earlier choice has set. */
static void
offer_forget(struct login_offer *offer)
{
	struct settings *flags = &offer->login->options->flags;

	for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
		free(flags->text[ids[i]]);
		free(flags->origin[ids[i]]);
		flags->text[ids[i]] = NULL;
		flags->origin[ids[i]] = NULL;
	}
}

/* Adds the settings to those that are written into the account's block. */
static int
offer_take(struct login_offer *offer, const struct login_cipher *cipher,
    struct error *err)
{
	if (login_cipher_prepare(cipher, err) == -1 ||
	    offer_set(offer, cipher, SETTING_CREDENTIAL_FOLDER, err) == -1 ||
	    offer_set(offer, cipher, SETTING_CREDENTIAL_ENCRYPT, err) == -1 ||
	    offer_set(offer, cipher, SETTING_CREDENTIAL_DECRYPT, err) == -1 ||
	    login_resolve(offer->login, err) == -1 ||
	    login_check_place(offer->login, err) == -1)
		return -1;
	offer->login->has_chosen_place = true;
	return 0;
}

static int
offer_set(struct login_offer *offer, const struct login_cipher *cipher,
    enum setting_id id, struct error *err)
{
	struct buf text;
	int result;

	buf_init(&text, VALUE_MAX);
	result = login_cipher_add(cipher, id, offer_directory(offer, cipher),
	    &text, err);
	if (result == 0 && text.len > 0)
		result = settings_set(&offer->login->options->flags, id,
		    buf_text(&text), "login", err);
	buf_done(&text);
	return result;
}

/* Of those that need no further step, the best. err keeps its message. */
static int
offer_hint(const struct login_offer *offer, struct error *err)
{
	const struct login_cipher *cipher = offer->cipher[0];

	for (size_t i = 1; i < offer->count && cipher->uses_identity; i++)
		cipher = offer->cipher[i];
	return login_hint_files(offer->login, cipher,
	    offer_directory(offer, cipher), err);
}

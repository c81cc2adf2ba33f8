/* SPDX-License-Identifier: MIT */
/*
 * Settings of the command line become words again. The setting credential isn't
 * passed on: who needs postrider-credential has none but the keyring.
 */
#include "submit/selection.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"

enum {
	OWN_WORDS = 4, /* config, account or new, user, provider; */
	WORDS_MAX = SETTING_COUNT + OWN_WORDS,
	WORD_MAX_LEN = 65536
};

static int add_guesses(struct selection *selection,
    const struct account *account, const struct settings *flags,
    struct error *err);
static int add(struct selection *selection, const char *name, const char *value,
    struct error *err);
static int add_settings(struct selection *selection,
    const struct settings *flags, struct error *err);
static bool is_said_elsewhere(enum setting_id id);

void
selection_init(struct selection *selection)
{
	*selection = (struct selection){0};
}

void
selection_done(struct selection *selection)
{
	for (size_t i = 0; i < selection->count; i++)
		free(selection->word[i]);
	free((void *)selection->word);
	selection_init(selection);
}

int
selection_compose(struct selection *selection, const struct account *account,
    const char *config_path, const struct settings *flags, bool anew,
    struct error *err)
{
	const char *provider =
	    account->provider != NULL ? account->provider->name : NULL;
	bool has_block = account->name != NULL && !anew;

	selection_done(selection);
	selection->word = calloc(WORDS_MAX + 1, sizeof *selection->word);
	if (selection->word == NULL)
		return error_no_memory(err);
	if (config_path != NULL &&
	    add(selection, "config", config_path, err) == -1)
		return -1;
	if (has_block && add(selection, "account", account->name, err) == -1)
		return -1;
	if (!has_block && add_guesses(selection, account, flags, err) == -1)
		return -1;
	if (provider != NULL && add(selection, "provider", provider, err) == -1)
		return -1;
	return add_settings(selection, flags, err);
}

/* They may be from a sender, who isn't known there. */
static int
add_guesses(struct selection *selection, const struct account *account,
    const struct settings *flags, struct error *err)
{
	if (add(selection, "new", NULL, err) == -1)
		return -1;
	if (account->text[SETTING_USER] != NULL &&
	    flags->text[SETTING_USER] == NULL &&
	    add(selection, "user", account->text[SETTING_USER], err) == -1)
		return -1;
	if (account->list[SETTING_FROM].count == 0 ||
	    flags->text[SETTING_FROM] != NULL)
		return 0;
	return add(selection, "from", account->list[SETTING_FROM].element[0],
	    err);
}

/* A list, whose elements are lines, is joined with commas. */
static int
add(struct selection *selection, const char *name, const char *value,
    struct error *err)
{
	struct buf word;
	char *taken;
	int result;

	buf_init(&word, WORD_MAX_LEN);
	result = buf_addf(&word, err, "--%s%s%s", name,
	    value != NULL ? "=" : "", value != NULL ? value : "");
	if (result == -1)
		goto out;
	for (size_t i = 0; i < word.len; i++) {
		if (word.data[i] == '\n')
			word.data[i] = ',';
	}
	taken = buf_take(&word);
	if (taken == NULL)
		result = error_no_memory(err);
	else
		selection->word[selection->count++] = taken;
out:
	buf_done(&word);
	return result;
}

static int
add_settings(struct selection *selection, const struct settings *flags,
    struct error *err)
{
	for (enum setting_id id = 0; id < SETTING_COUNT; id++) {
		if (flags->text[id] == NULL || is_said_elsewhere(id))
			continue;
		if (add(selection, setting_row(id)->name, flags->text[id],
			err) == -1)
			return -1;
	}
	return 0;
}

static bool
is_said_elsewhere(enum setting_id id)
{
	return id == SETTING_CREDENTIAL || id == SETTING_PROVIDER;
}

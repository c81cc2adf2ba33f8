/* SPDX-License-Identifier: MIT */
/*
 * Turns the settings of the command line into arguments for
 * postrider-credential, without the setting credential: the program is started
 * only for credentials that it stores itself.
 */
#include "submit/selection.h"

#include <stdlib.h>

#include "base/text.h"
#include "base/words.h"

enum {
	OWN_WORDS = 5, /* config, new, user, from and provider */
	WORDS_MAX = SETTING_COUNT + OWN_WORDS
};

/* The arguments so far, NULL-terminated. */
struct selection {
	char **argument;
	size_t count;
};

static int selection_fill(struct selection *selection,
    const struct account *account, const char *config_path,
    const struct settings *flags, bool is_new, struct error *err);
static int selection_add_derived(struct selection *selection,
    const struct account *account, const struct settings *flags,
    struct error *err);
static int selection_add(struct selection *selection, const char *name,
    const char *value, struct error *err);
static int selection_add_flags(struct selection *selection,
    const struct settings *flags, struct error *err);
static bool selection_omits(enum setting_id id);

char **
selection_compose(const struct account *account, const char *config_path,
    const struct settings *flags, bool is_new, struct error *err)
{
	struct selection selection = {
	    .argument = calloc(WORDS_MAX + 1, sizeof *selection.argument)};

	if (selection.argument == NULL) {
		error_no_memory(err);
	} else if (selection_fill(&selection, account, config_path, flags,
		       is_new, err) == -1) {
		words_free(selection.argument);
		selection.argument = NULL;
	}
	return selection.argument;
}

static int
selection_fill(struct selection *selection, const struct account *account,
    const char *config_path, const struct settings *flags, bool is_new,
    struct error *err)
{
	bool has_block = account->name != NULL && !is_new;

	if (config_path != NULL &&
	    selection_add(selection, "config", config_path, err) == -1)
		return -1;
	if (has_block &&
	    selection_add(selection, "account", account->name, err) == -1)
		return -1;
	if (!has_block &&
	    selection_add_derived(selection, account, flags, err) == -1)
		return -1;
	if (account->provider != NULL &&
	    selection_add(selection, "provider", account->provider->name,
		err) == -1)
		return -1;
	return selection_add_flags(selection, flags, err);
}

/* Passes on what was derived from the sender, which the program does not know.
 */
static int
selection_add_derived(struct selection *selection,
    const struct account *account, const struct settings *flags,
    struct error *err)
{
	if (selection_add(selection, "new", NULL, err) == -1)
		return -1;
	if (account->text[SETTING_USER] != NULL &&
	    flags->text[SETTING_USER] == NULL &&
	    selection_add(selection, "user", account->text[SETTING_USER],
		err) == -1)
		return -1;
	if (account->list[SETTING_FROM].count == 0 ||
	    flags->text[SETTING_FROM] != NULL)
		return 0;
	return selection_add(selection, "from",
	    account->list[SETTING_FROM].element[0], err);
}

/* The elements of a list are lines (config/value-list.h); commas separate them
 * in an argument. */
static int
selection_add(struct selection *selection, const char *name, const char *value,
    struct error *err)
{
	char *text = text_format(err, "--%s%s%s", name,
	    value != NULL ? "=" : "", value != NULL ? value : "");

	if (text == NULL)
		return -1;
	for (char *at = text; *at != '\0'; at++) {
		if (*at == '\n')
			*at = ',';
	}
	selection->argument[selection->count++] = text;
	return 0;
}

static int
selection_add_flags(struct selection *selection, const struct settings *flags,
    struct error *err)
{
	for (enum setting_id id = 0; id < SETTING_COUNT; id++) {
		if (flags->text[id] == NULL || selection_omits(id))
			continue;
		if (selection_add(selection, setting_row(id)->name,
			flags->text[id], err) == -1)
			return -1;
	}
	return 0;
}

static bool
selection_omits(enum setting_id id)
{
	return id == SETTING_CREDENTIAL || id == SETTING_PROVIDER;
}

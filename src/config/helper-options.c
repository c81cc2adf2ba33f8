/* SPDX-License-Identifier: MIT */
/*
 * Parses the command line of the helper programs. Options may stand before or
 * after the operation, as --NAME=VALUE. An option without a row in the table is
 * a setting.
 */
#include "config/helper-options.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "config/setting-types.h"

enum {
	NAME_MAX_LEN = 64
};

enum option_type {
	OPTION_FLAG,
	OPTION_TEXT,
	OPTION_DURATION
};

struct option_row {
	const char *name;
	enum option_type type;
	bool is_selection;
	size_t offset;
};

#define MEMBER(name) offsetof(struct helper_options, name)

static const struct option_row rows[] = {
    {"config", OPTION_TEXT, true, MEMBER(config_path)},
    {"account", OPTION_TEXT, true, MEMBER(account)},
    {"new", OPTION_FLAG, true, MEMBER(is_new)},
    {"device", OPTION_FLAG, false, MEMBER(device)},
    {"paste", OPTION_FLAG, false, MEMBER(paste)},
    {"well-known", OPTION_FLAG, false, MEMBER(well_known)},
    {"min-valid", OPTION_DURATION, false, MEMBER(min_valid_ms)},
    {"help", OPTION_FLAG, false, MEMBER(help)},
    {"version", OPTION_FLAG, false, MEMBER(version)},
};

static int parse_option(struct helper_options *options, char *word,
    struct error *err);
static const struct option_row *find_row(const char *name);
static int set_option(struct helper_options *options,
    const struct option_row *row, const char *value, struct error *err);
static int parse_setting(struct helper_options *options, const char *name,
    const char *value, struct error *err);

int
helper_options_parse(struct helper_options *options, int argc,
    char *const argv[], struct error *err)
{
	*options = (struct helper_options){0};
	settings_init(&options->flags);
	options->selection = calloc((size_t)argc + 1, sizeof(char *));
	if (options->selection == NULL)
		return error_no_memory(err);
	for (int i = 1; i < argc; i++) {
		char *word = argv[i];

		if (text_has_prefix(word, "--")) {
			if (parse_option(options, word, err) == -1)
				return -1;
		} else if (*word == '-' || options->operation != NULL) {
			return error_set(err, ERROR_USAGE,
			    "unexpected argument: %s", word);
		} else {
			options->operation = word;
		}
	}
	if (options->account != NULL || options->is_new)
		options->selects_account = true;
	return 0;
}

void
helper_options_done(struct helper_options *options)
{
	settings_done(&options->flags);
	free((void *)options->selection);
	options->selection = NULL;
}

struct account *
helper_options_resolve(const struct helper_options *options,
    struct config *config, struct error *err)
{
	const struct account_query query = {.name = options->account,
	    .flags = &options->flags,
	    .is_new = options->is_new};
	struct account *account = account_resolve(config, &query, err);

	if (account == NULL || account->text[SETTING_USER] != NULL)
		return account;
	error_set(err, ERROR_CONFIG, "%s: no user to sign in as",
	    account->text[SETTING_HOST]);
	account_free(account);
	return NULL;
}

struct account *
helper_options_resolve_address(const struct helper_options *options,
    struct config *config, struct error *err)
{
	const struct account_query query = {.flags = &options->flags,
	    .is_new = true,
	    .offline = true,
	    .may_lack_server = true};

	return account_resolve(config, &query, err);
}

const char *
helper_options_grant(const struct helper_options *options,
    const struct account *account)
{
	if (options->device)
		return "device-code";
	if (options->paste && account_is(account, SETTING_GRANT, "device-code"))
		return "authorization-code";
	return account->text[SETTING_GRANT];
}

static int
parse_option(struct helper_options *options, char *word, struct error *err)
{
	const char *start = word + strlen("--");
	size_t len = strcspn(start, "=");
	const char *value = start[len] == '=' ? start + len + 1 : NULL;
	char name[NAME_MAX_LEN + 1];
	const struct option_row *row;

	if (len > NAME_MAX_LEN)
		return error_set(err, ERROR_USAGE, "unknown option %s", word);
	memcpy(name, start, len);
	name[len] = '\0';
	row = find_row(name);
	if (row == NULL || row->is_selection)
		options->selection[options->selection_count++] = word;
	if (row == NULL)
		return parse_setting(options, name, value, err);
	if ((row->type == OPTION_FLAG) == (value != NULL))
		return error_set(err, ERROR_USAGE, "--%s %s", name,
		    value != NULL ? "takes no value" : "needs a value");
	return set_option(options, row, value, err);
}

static const struct option_row *
find_row(const char *name)
{
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		if (strcmp(rows[i].name, name) == 0)
			return &rows[i];
	}
	return NULL;
}

static int
set_option(struct helper_options *options, const struct option_row *row,
    const char *value, struct error *err)
{
	void *member = (char *)options + row->offset;

	switch (row->type) {
	case OPTION_FLAG:
		*(bool *)member = true;
		return 0;
	case OPTION_TEXT:
		*(const char **)member = value;
		return 0;
	case OPTION_DURATION:
		return setting_duration_parse(value, "--min-valid", member,
		    err);
	}
	return error_set(err, ERROR_BUG, "unknown type of option");
}

static int
parse_setting(struct helper_options *options, const char *name,
    const char *value, struct error *err)
{
	enum setting_id id;

	if (!setting_find(name, &id))
		return error_set(err, ERROR_USAGE, "unknown option --%s", name);
	if (value == NULL)
		return error_set(err, ERROR_USAGE, "--%s needs a value", name);
	options->selects_account = true;
	return settings_set(&options->flags, id, value, "--", err);
}

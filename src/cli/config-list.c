/* SPDX-License-Identifier: MIT */
/*
 * Lists what the configuration file and the environment set, or all settings of
 * one account, each with its origin.
 */
#include "cli/verb-config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/effective-setting.h"
#include "report/json.h"
#include "report/report.h"
#include "config/account-refuse.h"
#include "config/address-match.h"

enum {
	VALUE_SIZE = 4096,
	ORIGIN_COLUMN = 48
};

struct lister {
	const struct config *config;
	const struct effective_source *source;
	struct json json;
	bool as_json;
};

static int list_find_account(const struct config_command *command,
    const struct config_account **ret_account, struct error *err);
static void list_note_no_file(void);
static void list_file(struct lister *lister);
static void list_account(struct lister *lister);
static void list_settings(struct lister *lister, const char *account,
    const struct settings *settings);
static unsigned long line_of(const char *origin);
static void list_row(struct lister *lister, const char *account,
    enum setting_id id, const char *value, const char *origin);
static void list_text(const struct lister *lister, const char *account,
    const char *name, const char *value, const char *origin);
static int list_value(const char *value);
static void list_json(struct lister *lister, const char *account,
    const char *name, const char *value, bool is_list, const char *origin);

int
config_list(struct config_command *command, struct error *err)
{
	const struct config_account *account = NULL;
	struct effective_source source;
	struct lister lister = {.config = command->config,
	    .source = &source,
	    .json = {.out = stdout},
	    .as_json = command->options->report.json};
	int result;

	if (list_find_account(command, &account, err) == -1)
		return -1;
	result = effective_source_init(&source, command->config, account, err);
	if (result == 0 && lister.as_json) {
		json_open(&lister.json, NULL, '[');
	} else if (result == 0) {
		if (command->config->path == NULL)
			list_note_no_file();
		else
			puts(command->config->path);
	}
	if (result == 0 && account != NULL)
		list_account(&lister);
	else if (result == 0)
		list_file(&lister);
	if (result == 0 && lister.as_json) {
		json_close(&lister.json, ']');
		json_end(&lister.json);
	}
	effective_source_done(&source);
	return result;
}

static int
list_find_account(const struct config_command *command,
    const struct config_account **ret_account, struct error *err)
{
	const struct config *config = command->config;
	const struct config_account *account;
	const char *name = command->count > 0 ? command->word[0] : NULL;

	if (name == NULL)
		return 0;
	account = config_find_account(config, name);
	if (account == NULL)
		account =
		    address_match_account(config, address_match_first(name));
	if (account == NULL)
		return account_refuse_unknown(config, name, err);
	*ret_account = account;
	return 0;
}

static void
list_note_no_file(void)
{
	struct error err;

	error_set(&err, ERROR_CONFIG, "there is no configuration file");
	error_hint(&err,
	    "\"postrider login me@example.org\" writes one, and so does "
	    "\"postrider config set\"");
	report_error(&err);
}

/* What is written, in the file or in the environment. */
static void
list_file(struct lister *lister)
{
	const struct config *config = lister->config;
	const char *default_account = config->default_account;

	list_settings(lister, NULL, &lister->source->environment);
	if (default_account != NULL && lister->as_json)
		list_json(lister, NULL, "default-account", default_account,
		    false, config->default_origin);
	else if (default_account != NULL)
		list_text(lister, NULL, "default-account", default_account,
		    config->default_origin);
	list_settings(lister, NULL, &config->defaults);
	for (size_t i = 0; i < config->account_count; i++)
		list_settings(lister, config->account[i].name,
		    &config->account[i].settings);
}

/* What is used, wherever it comes from. */
static void
list_account(struct lister *lister)
{
	struct effective_setting setting;

	for (enum setting_id id = 0; id < SETTING_COUNT; id++) {
		effective_setting_find(lister->source, id, &setting);
		if (setting.value != NULL)
			list_row(lister, lister->source->block->name, id,
			    setting.value, setting.origin);
	}
}

/* In the order of the lines. */
static void
list_settings(struct lister *lister, const char *account,
    const struct settings *settings)
{
	enum setting_id order[SETTING_COUNT];
	size_t count = 0;

	for (enum setting_id id = 0; id < SETTING_COUNT; id++) {
		size_t at = count;

		if (settings->text[id] == NULL)
			continue;
		for (; at > 0 &&
		     line_of(settings->origin[order[at - 1]]) >
			 line_of(settings->origin[id]);
		     at--)
			order[at] = order[at - 1];
		order[at] = id;
		count++;
	}
	for (size_t i = 0; i < count; i++)
		list_row(lister, account, order[i], settings->text[order[i]],
		    settings->origin[order[i]]);
}

/* 0 for a variable. */
static unsigned long
line_of(const char *origin)
{
	const char *colon = strrchr(origin, ':');

	return colon != NULL ? strtoul(colon + 1, NULL, 10) : 0;
}

static void
list_row(struct lister *lister, const char *account, enum setting_id id,
    const char *value, const char *origin)
{
	const struct setting *row = setting_row(id);
	char shown[VALUE_SIZE];

	effective_setting_show(id, value, shown, sizeof shown);
	if (lister->as_json)
		list_json(lister, account, row->name, shown,
		    effective_setting_is_list(id), origin);
	else
		list_text(lister, account, row->name, shown, origin);
}

/* "work.port = 465", and "line 12" for a place in the file above. */
static void
list_text(const struct lister *lister, const char *account, const char *name,
    const char *value, const char *origin)
{
	const char *path = lister->config->path;
	size_t path_len = path != NULL ? strlen(path) : 0;
	bool is_line = path != NULL && strncmp(origin, path, path_len) == 0 &&
	    origin[path_len] == ':';
	int used = printf("%s%s%s = ", account != NULL ? account : "",
	    account != NULL ? "." : "", name);

	used += list_value(value);
	printf("%*s  %s%s\n", used < ORIGIN_COLUMN ? ORIGIN_COLUMN - used : 0,
	    "", is_line ? "line " : "",
	    is_line ? origin + path_len + 1 : origin);
}

/* The elements of a list are separated by commas. Returns the columns. */
static int
list_value(const char *value)
{
	int used = 0;

	if (*value == '\0')
		return printf("\"\"");
	for (; *value != '\0'; value++)
		used += *value == '\n' ? printf(", ") : printf("%c", *value);
	return used;
}

static void
list_json(struct lister *lister, const char *account, const char *name,
    const char *value, bool is_list, const char *origin)
{
	struct json *json = &lister->json;

	json_open(json, NULL, '{');
	json_text(json, "account", account);
	json_text(json, "name", name);
	effective_setting_add_json(json, value, is_list);
	json_text(json, "origin", origin);
	json_close(json, '}');
}

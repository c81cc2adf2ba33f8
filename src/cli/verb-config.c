/* SPDX-License-Identifier: MIT */
/*
 * The command config: shows and changes settings of the configuration file.
 * config-list.c lists them; config-editor.c lets a person edit the file.
 */
#include "cli/verb-config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "cli/config-key.h"
#include "cli/effective-setting.h"
#include "report/json.h"
#include "report/report.h"
#include "cli/verbs.h"
#include "config/account-refuse.h"
#include "config/config-change.h"
#include "config/config-file.h"
#include "config/suggestion.h"

enum {
	VALUE_MAX = 65536, /* bytes */
	WORDS_MAX = 1000,
	STATUS_NOT_SET = 1 /* of get */
};

typedef int config_function(struct config_command *command, struct error *err);

struct subcommand {
	const char *name;
	const char *usage; /* what follows the name */
	const char *help;
	size_t min; /* words */
	size_t max;
	config_function *run;
};

static config_function config_get, config_set_value, config_unset_value,
    config_path;
static int config_run(const struct options *options,
    const struct subcommand *subcommand, struct error *err);
static int config_refuse_name(const char *name, struct error *err);
static int config_check_options(const struct options *options,
    struct error *err);
static int config_check_count(const struct config_command *command,
    const struct subcommand *subcommand, struct error *err);
static void get_print(const struct options *options,
    const struct config_key *key, const char *value, const char *origin);
static int set_join(const struct config_command *command,
    const struct config_key *key, struct buf *value, struct error *err);
static int set_add_word(const struct config_key *key, const char *word,
    struct buf *value, struct error *err);
static void config_report_change(const struct config_command *command,
    const struct config_key *key, const char *status, const char *path);

static const struct subcommand subcommands[] = {
    {"list", "[ACCOUNT]", "list what is set, or all of an account", 0, 1,
	config_list},
    {"get", "[ACCOUNT.]NAME", "print a setting", 1, 1, config_get},
    {"set", "[ACCOUNT.]NAME VALUE...", "change a setting", 2, WORDS_MAX,
	config_set_value},
    {"unset", "[ACCOUNT.]NAME", "remove a setting", 1, 1, config_unset_value},
    {"edit", "", "open the file in an editor", 0, 0, config_edit},
    {"path", "", "print the name of the file", 0, 0, config_path},
    {NULL, NULL, NULL, 0, 0, NULL},
};

int
verb_config(struct options *options, struct error *err)
{
	const struct subcommand *subcommand = subcommands;
	const char *name =
	    options->argument_count > 0 ? options->argument[0] : "list";

	while (subcommand->name != NULL && strcmp(subcommand->name, name) != 0)
		subcommand++;
	if (subcommand->name == NULL)
		return config_refuse_name(name, err);
	if (config_check_options(options, err) == -1)
		return -1;
	return config_run(options, subcommand, err);
}

const char *
config_subcommand(size_t index, const char **ret_help)
{
	*ret_help = subcommands[index].help;
	return subcommands[index].name;
}

static int
config_run(const struct options *options, const struct subcommand *subcommand,
    struct error *err)
{
	bool has_words = options->argument_count > 0;
	struct config_command command = {.options = options,
	    .word = options->argument + has_words,
	    .count = options->argument_count - has_words};
	/* Also for a file that is invalid. */
	bool needs_no_config =
	    subcommand->run == config_edit || subcommand->run == config_path;
	char *path = NULL;
	int status = -1;

	if (config_check_count(&command, subcommand, err) == -1)
		return -1;
	path = config_file_find(options->config_path, err);
	if (path == NULL)
		return -1;
	command.path = path;
	if (!needs_no_config)
		command.config = config_load(options->config_path, err);
	if (needs_no_config || command.config != NULL)
		status = subcommand->run(&command, err);
	config_free(command.config);
	free(path);
	return status;
}

static int
config_refuse_name(const char *name, struct error *err)
{
	struct suggestion suggestion;

	error_set(err, ERROR_USAGE, "config: unknown argument: %s", name);
	suggestion_init(&suggestion, name);
	for (const struct subcommand *one = subcommands; one->name != NULL;
	     one++)
		suggestion_offer(&suggestion, one->name);
	if (suggestion.best != NULL)
		return error_hint(err, "did you mean \"postrider config %s\"?",
		    suggestion.best);
	return error_hint(err,
	    "use one of: list, get, set, unset, edit, path; for example "
	    "postrider config set timeout 30s");
}

/* "config set --timeout 5s" would be taken for a change. */
static int
config_check_options(const struct options *options, struct error *err)
{
	for (enum setting_id id = 0; id < SETTING_COUNT; id++) {
		const char *value = options->flags.text[id];

		if (value == NULL)
			continue;
		error_set(err, ERROR_USAGE, "config: --%s has no effect here",
		    setting_row(id)->name);
		return error_hint(err,
		    "to write it into the configuration: postrider config set "
		    "%s VALUE",
		    setting_row(id)->name);
	}
	return 0;
}

static int
config_check_count(const struct config_command *command,
    const struct subcommand *subcommand, struct error *err)
{
	if (command->count >= subcommand->min &&
	    command->count <= subcommand->max)
		return 0;
	error_set(err, ERROR_USAGE, "config %s: %s", subcommand->name,
	    command->count < subcommand->min ? "missing argument"
					     : "too many arguments");
	return error_hint(err, "usage: postrider config %s %s",
	    subcommand->name, subcommand->usage);
}

/* ---- get ----------------------------------------------------------------- */

static int
config_get(struct config_command *command, struct error *err)
{
	struct effective_setting setting = {.value = NULL};
	struct effective_source source;
	struct config_key key;
	int result;

	if (config_key_parse(command->config, command->word[0], &key, err) ==
	    -1)
		return -1;
	result =
	    effective_source_init(&source, command->config, key.account, err);
	if (result == 0 && !key.is_default_account) {
		effective_setting_find(&source, key.id, &setting);
	} else if (result == 0 && command->config->default_account != NULL) {
		setting.value = command->config->default_account;
		snprintf(setting.origin, sizeof setting.origin, "%s",
		    command->config->default_origin);
	}
	if (result == 0 && setting.value == NULL)
		result = STATUS_NOT_SET;
	if (result == 0 || (result > 0 && command->options->report.json))
		get_print(command->options, &key, setting.value,
		    setting.origin);
	effective_source_done(&source);
	return result;
}

static void
get_print(const struct options *options, const struct config_key *key,
    const char *value, const char *origin)
{
	struct json json = {.out = stdout};

	if (!options->report.json) {
		puts(value); /* the elements of a list are lines */
		return;
	}
	json_open(&json, NULL, '{');
	json_text(&json, "name", key->text);
	effective_setting_add_json(&json, value, config_key_is_list(key));
	json_text(&json, "origin", value != NULL ? origin : NULL);
	json_close(&json, '}');
	json_end(&json);
}

/* ---- set and unset ------------------------------------------------------- */

static int
config_set_value(struct config_command *command, struct error *err)
{
	const char *account;
	struct config_key key;
	struct buf value;
	char *path = NULL;
	int result = -1;

	buf_init(&value, VALUE_MAX);
	if (config_key_parse(command->config, command->word[0], &key, err) ==
		-1 ||
	    config_key_check_place(&key, err) == -1 ||
	    set_join(command, &key, &value, err) == -1)
		goto out;
	account = key.account != NULL ? key.account->name : NULL;
	if (key.is_default_account &&
	    config_find_account(command->config, buf_text(&value)) == NULL) {
		account_refuse_unknown(command->config, buf_text(&value), err);
		goto out;
	}
	if (config_set(command->path, account, key.name, buf_text(&value),
		config_key_is_list(&key), &path, err) == -1)
		goto out;
	config_report_change(command, &key, "set", path);
	if (account != NULL)
		config_warn_accounts(path, account);
	result = 0;
out:
	free(path);
	buf_done(&value);
	return result;
}

/* Several words are the elements of a list, which may also have commas. A list
 * is written as it will be read, any other value as it was given. */
static int
set_join(const struct config_command *command, const struct config_key *key,
    struct buf *value, struct error *err)
{
	bool is_list = config_key_is_list(key);

	if (command->count > 2 && !is_list)
		return error_set(err, ERROR_USAGE, "%s takes one value",
		    key->text);
	if (key->is_default_account)
		return buf_add_text(value, command->word[1], err);
	for (size_t i = 1; i < command->count; i++) {
		if ((value->len > 0 && buf_add_text(value, "\n", err) == -1) ||
		    set_add_word(key, command->word[i], value, err) == -1)
			return -1;
	}
	return 0;
}

/* Each word is checked by itself, so that an error quotes only that one. */
static int
set_add_word(const struct config_key *key, const char *word, struct buf *value,
    struct error *err)
{
	struct settings checked;
	int result;

	settings_init(&checked);
	result = settings_set(&checked, key->id, word, key->text, err);
	if (result == -1 && err->code == ERROR_CONFIG)
		err->code = ERROR_USAGE;
	if (result == 0)
		result = buf_add_text(value,
		    config_key_is_list(key) ? checked.text[key->id] : word,
		    err);
	settings_done(&checked);
	return result;
}

static int
config_unset_value(struct config_command *command, struct error *err)
{
	const char *account;
	struct config_key key;
	char *path = NULL;
	bool found = false;

	if (config_key_parse(command->config, command->word[0], &key, err) ==
	    -1)
		return -1;
	account = key.account != NULL ? key.account->name : NULL;
	if (config_unset(command->path, account, key.name, &found, &path,
		err) == -1)
		return -1;
	if (found) {
		config_report_change(command, &key, "unset", path);
		if (account != NULL)
			config_warn_accounts(path, account);
	} else {
		error_set(err, ERROR_CONFIG, "%s: %s is not set", path,
		    key.text);
	}
	free(path);
	return found ? 0 : -1;
}

static void
config_report_change(const struct config_command *command,
    const struct config_key *key, const char *status, const char *path)
{
	struct json json = {.out = stdout};

	if (!command->options->report.json)
		return;
	json_open(&json, NULL, '{');
	json_text(&json, "status", status);
	json_text(&json, "name", key->text);
	json_text(&json, "path", path);
	json_close(&json, '}');
	json_end(&json);
}

void
config_warn_accounts(const char *path, const char *name)
{
	struct settings no_flags;
	struct account_query query = {.offline = true, .flags = &no_flags};
	struct error err;
	struct config *config = config_load(path, &err);

	if (config == NULL)
		return;
	settings_init(&no_flags);
	for (size_t i = 0; i < config->account_count; i++) {
		struct account *account;

		query.name = config->account[i].name;
		if (name != NULL && strcmp(name, query.name) != 0)
			continue;
		account = account_resolve(config, &query, &err);
		if (account == NULL && err.code == ERROR_CONFIG)
			report_warning(NULL, &err);
		account_free(account);
	}
	settings_done(&no_flags);
	config_free(config);
}

/* ---- path ---------------------------------------------------------------- */

static int
config_path(struct config_command *command, struct error *err)
{
	struct json json = {.out = stdout};

	(void)err;
	if (!command->options->report.json) {
		puts(command->path);
		return 0;
	}
	json_open(&json, NULL, '{');
	json_text(&json, "path", command->path);
	json_bool(&json, "exists", access(command->path, F_OK) == 0);
	json_close(&json, '}');
	json_end(&json);
	return 0;
}

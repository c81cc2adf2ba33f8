/* SPDX-License-Identifier: MIT */
/*
 * Parses the command line by the tables of options and settings. getopt_long
 * cannot do that: it knows neither sendmail's letters nor, on every system,
 * POSIX order.
 */
#include "cli/options.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "config/suggestion.h"

/* The position in argv. */
struct cursor {
	int argc;
	char *const *argv;
	int at; /* the current word */
};

static int options_parse_words(struct options *options, struct cursor *cursor,
    struct error *err);
static bool wants_json(const struct cursor *cursor);
static int options_parse_word(struct options *options, struct cursor *cursor,
    struct error *err);
static int parse_letters(struct options *options, struct cursor *cursor,
    struct error *err);
static int parse_long(struct options *options, struct cursor *cursor,
    struct error *err);
static const struct option *find_letter(const struct options *options,
    const char *at);
static bool is_configuration_choice(const char *at);
static bool option_fits(const struct options *options,
    const struct option *option);
static const struct option *find_name(const struct options *options,
    const char *name, size_t len);
static int apply_named(struct options *options, const struct option *option,
    const char *value, struct cursor *cursor, struct error *err);
static int options_check_command(struct options *options,
    const struct option *option, const char *name, struct error *err);
static int apply_setting(struct options *options, const char *name,
    const char *value, struct cursor *cursor, struct error *err);
static bool find_setting(const char *name, enum setting_id *ret_id,
    bool *ret_negated);
static const char *options_take_next(struct cursor *cursor);
static int missing_value(const char *name, struct error *err);
static int unknown_option(const char *word, struct error *err);
static int unknown_name(const char *name, struct error *err);

void
options_init(struct options *options, const char *command)
{
	*options = (struct options){.command = command,
	    .is_interactive = isatty(STDIN_FILENO) == 1};
	settings_init(&options->flags);
}

void
options_done(struct options *options)
{
	settings_done(&options->flags);
	composition_done(&options->composition);
}

int
options_parse(struct options *options, int argc, char *const argv[],
    struct error *err)
{
	struct cursor cursor = {.argc = argc, .argv = argv, .at = 1};

	if (options_parse_words(options, &cursor, err) == -1) {
		options->report.json =
		    options->report.json || wants_json(&cursor);
		return -1;
	}
	options->argument = argv + cursor.at;
	options->argument_count = (size_t)(argc - cursor.at);
	return 0;
}

bool
option_is_for(const struct option *option, const char *command)
{
	return option->command == NULL ||
	    strcmp(option->command, command) == 0 ||
	    (strcmp(option->command, OPTION_SENDING_OR_SEND) == 0 &&
		(*command == '\0' || strcmp(command, "send") == 0));
}

static int
options_parse_words(struct options *options, struct cursor *cursor,
    struct error *err)
{
	for (; cursor->at < cursor->argc; cursor->at++) {
		const char *word = cursor->argv[cursor->at];

		if (word[0] != '-' || word[1] == '\0')
			return 0;
		if (strcmp(word, "--") == 0) {
			cursor->at++;
			options->has_dashes = true;
			return 0;
		}
		if (options_parse_word(options, cursor, err) == -1)
			return -1;
	}
	return 0;
}

static bool
wants_json(const struct cursor *cursor)
{
	char *const *word = cursor->argv + 1;

	for (int i = 1; i < cursor->argc; i++, word++) {
		if (strcmp(*word, "--") == 0)
			return false;
		if (strcmp(*word, "--json") == 0)
			return true;
	}
	return false;
}

static int
options_parse_word(struct options *options, struct cursor *cursor,
    struct error *err)
{
	if (cursor->argv[cursor->at][1] == '-')
		return parse_long(options, cursor, err);
	return parse_letters(options, cursor, err);
}

/* "-ti", "-fADDRESS", "-f ADDRESS" */
static int
parse_letters(struct options *options, struct cursor *cursor, struct error *err)
{
	const char *word = cursor->argv[cursor->at];

	for (const char *at = word + 1; *at != '\0'; at++) {
		const struct option *option = find_letter(options, at);
		char written[3] = {'-', *at, '\0'};
		const char *value = NULL;

		if (option == NULL)
			return unknown_option(written, err);
		if (option->takes != OPTION_TAKES_NOTHING)
			value = at + 1;
		if (option->takes == OPTION_TAKES_WORD && *value == '\0')
			value = options_take_next(cursor);
		if (option->takes == OPTION_TAKES_WORD && value == NULL)
			return missing_value(written, err);
		if (options_check_command(options, option, written, err) ==
			-1 ||
		    option->apply(options, option, value, err) == -1)
			return -1;
		if (value != NULL)
			break;
	}
	return 0;
}

/* "--name", "--name=value", "--name value". */
static int
parse_long(struct options *options, struct cursor *cursor, struct error *err)
{
	const char *word = cursor->argv[cursor->at] + 2;
	size_t len = strcspn(word, "=");
	const char *value = word[len] == '=' ? word + len + 1 : NULL;
	const struct option *option = find_name(options, word, len);
	char *name;
	int result;

	if (option != NULL)
		return apply_named(options, option, value, cursor, err);
	name = text_copy(word, len);
	if (name == NULL)
		return error_no_memory(err);
	result = apply_setting(options, name, value, cursor, err);
	free(name);
	return result;
}

/* The first row that fits, else the first of that letter. */
static const struct option *
find_letter(const struct options *options, const char *at)
{
	const struct option *found = NULL;

	for (const struct option *option = options_table; option->apply != NULL;
	     option++) {
		if (option->letter == 0 || option->letter != *at)
			continue;
		if (option_is_for(option, options->command) ||
		    (option_fits(options, option) &&
			!is_configuration_choice(at)))
			return option;
		if (found == NULL)
			found = option;
	}
	return found;
}

/* -Ac and -Am choose between two configurations of sendmail. */
static bool
is_configuration_choice(const char *at)
{
	return strcmp(at, "Ac") == 0 || strcmp(at, "Am") == 0;
}

/* mailx's letters compose a message, too, but not for a program that calls
 * sendmail: there they have another meaning. */
static bool
option_fits(const struct options *options, const struct option *option)
{
	return option_is_for(option, options->command) ||
	    (option->letter != 0 && *options->command == '\0' &&
		!options->as_sendmail && option_is_for(option, "send"));
}

/* The row for the command, else the first of that name. */
static const struct option *
find_name(const struct options *options, const char *name, size_t len)
{
	const struct option *found = NULL;

	for (const struct option *option = options_table; option->apply != NULL;
	     option++) {
		if (option->name == NULL || strlen(option->name) != len ||
		    memcmp(option->name, name, len) != 0)
			continue;
		if (option_is_for(option, options->command))
			return option;
		if (found == NULL)
			found = option;
	}
	return found;
}

static int
apply_named(struct options *options, const struct option *option,
    const char *value, struct cursor *cursor, struct error *err)
{
	if (option->takes == OPTION_TAKES_NOTHING && value != NULL)
		return error_set(err, ERROR_USAGE, "--%s takes no value",
		    option->name);
	if (option->takes == OPTION_TAKES_WORD && value == NULL)
		value = options_take_next(cursor);
	if (option->takes == OPTION_TAKES_WORD && value == NULL)
		return missing_value(option->name, err);
	if (options_check_command(options, option, option->name, err) == -1)
		return -1;
	return option->apply(options, option, value, err);
}

static int
options_check_command(struct options *options, const struct option *option,
    const char *name, struct error *err)
{
	const char *dashes = *name == '-' ? "" : "--";

	if (option->command == NULL)
		return 0;
	if (option_is_for(option, options->command) ||
	    (*name == '-' && option_fits(options, option))) {
		options->has_sending_option = *options->command == '\0';
		return 0;
	}
	error_set(err, ERROR_USAGE, "%s%s%s%s is an option of %s%s",
	    options->command, *options->command != '\0' ? ": " : "", dashes,
	    name,
	    option_is_for(option, "") ? "sending a message only" : "postrider ",
	    option_is_for(option, "") ? "" : option->command);
	if (*options->command == '\0')
		return error_hint(err, "run postrider help %s for details",
		    option->command);
	return error_hint(err, "\"postrider help %s\" lists its options",
	    options->command);
}

static int
apply_setting(struct options *options, const char *name, const char *value,
    struct cursor *cursor, struct error *err)
{
	enum setting_id id;
	bool negated;
	char origin[64];

	if (!find_setting(name, &id, &negated) || (negated && value != NULL))
		return unknown_name(name, err);
	if (value == NULL && setting_row(id)->type == SETTING_BOOL)
		value = negated ? "no" : "yes";
	if (value == NULL)
		value = options_take_next(cursor);
	if (value == NULL)
		return missing_value(name, err);
	snprintf(origin, sizeof origin, "--%s", name);
	return settings_set(&options->flags, id, value, origin, err);
}

/* "no-syslog" sets the setting syslog to no. */
static bool
find_setting(const char *name, enum setting_id *ret_id, bool *ret_negated)
{
	*ret_negated = false;
	if (setting_find(name, ret_id))
		return !setting_row(*ret_id)->in_file_only;
	*ret_negated = strncmp(name, "no-", 3) == 0 &&
	    setting_find(name + 3, ret_id) &&
	    setting_row(*ret_id)->type == SETTING_BOOL;
	return *ret_negated;
}

static const char *
options_take_next(struct cursor *cursor)
{
	if (cursor->at + 1 >= cursor->argc)
		return NULL;
	return cursor->argv[++cursor->at];
}

static int
missing_value(const char *name, struct error *err)
{
	error_set(err, ERROR_USAGE, "%s%s needs a value",
	    *name == '-' ? "" : "--", name);
	return error_hint(err, "run postrider help options for details");
}

static int
unknown_option(const char *word, struct error *err)
{
	error_set(err, ERROR_USAGE, "%s: no such option", word);
	return error_hint(err, "run postrider help options to list them");
}

static int
unknown_name(const char *name, struct error *err)
{
	struct suggestion suggestion;

	suggestion_init(&suggestion, name);
	for (const struct option *option = options_table; option->apply != NULL;
	     option++) {
		if (option->name != NULL)
			suggestion_offer(&suggestion, option->name);
	}
	for (enum setting_id id = 0; id < SETTING_COUNT; id++)
		if (!setting_row(id)->in_file_only)
			suggestion_offer(&suggestion, setting_row(id)->name);
	error_set(err, ERROR_USAGE, "--%s: no such option", name);
	if (suggestion.best != NULL)
		return error_hint(err, "did you mean --%s?", suggestion.best);
	return error_hint(err, "run postrider help options to list them");
}

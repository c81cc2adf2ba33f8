/* SPDX-License-Identifier: MIT */
/*
 * Fills a template of a shell's completion from the program's own tables. Reads
 * the template from standard input; each line "@NAME@" is replaced by the lines
 * that the function of that name makes. The argument is the file to make, which
 * says the shell: postrider.bash, _postrider (zsh) or postrider.fish.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "cli/options.h"
#include "cli/queue.h"
#include "cli/verb-config.h"
#include "config/settings.h"
#include "shell.h"
#include "smtp/sasl.h"

typedef void mark_writer(const struct shell *shell);

static mark_writer write_verbs, write_arguments, write_options, write_values,
    write_settings, write_config_subcommands, write_queue_subcommands;

/* What a mark in a template is replaced by. */
static const struct {
	const char *mark;
	mark_writer *write;
} marks[] = {
    {"@verbs@\n", write_verbs},
    {"@arguments@\n", write_arguments},
    {"@options@\n", write_options},
    {"@values@\n", write_values},
    {"@settings@\n", write_settings},
    {"@subcommands@\n", write_config_subcommands},
    {"@queue@\n", write_queue_subcommands},
};

static const struct shell *shell_of(const char *file);
static bool replace(const struct shell *shell, const char *line);
static bool describe_option(struct item *item, const struct option *option);
static bool describe_setting(struct item *item, enum setting_id id);
static enum value_kind kind_of(const char *argument);
static void add_words(struct item *item, const char *words);
static void add_mechanisms(struct item *item);

int
main(int argc, char *argv[])
{
	const struct shell *shell = argc == 2 ? shell_of(argv[1]) : NULL;
	char line[LINE_SIZE];

	if (shell == NULL) {
		fputs("usage: generate FILE < TEMPLATE\n", stderr);
		return 1;
	}
	while (fgets(line, sizeof line, stdin) != NULL) {
		if (!replace(shell, line))
			fputs(line, stdout);
	}
	return ferror(stdin) || fflush(stdout) != 0;
}

static const struct shell *
shell_of(const char *file)
{
	static const struct shell *const shells[] = {&bash_shell, &zsh_shell,
	    &fish_shell};

	for (size_t i = 0; i < sizeof shells / sizeof *shells; i++) {
		if (strcmp(shells[i]->file, file) == 0)
			return shells[i];
	}
	return NULL;
}

static bool
replace(const struct shell *shell, const char *line)
{
	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
		if (strcmp(marks[i].mark, line) == 0) {
			marks[i].write(shell);
			return true;
		}
	}
	return false;
}

/* ---- marks --------------------------------------------------------------- */

static void
write_verbs(const struct shell *shell)
{
	for (const struct verb *verb = verbs; verb->name != NULL; verb++)
		shell->write_verb(verb);
}

static void
write_arguments(const struct shell *shell)
{
	for (const struct verb *verb = verbs; verb->name != NULL; verb++)
		shell->write_argument(verb);
}

/* An option for sending and for "send" is written for each of the two. */
static void
write_options(const struct shell *shell)
{
	for (const struct option *option = options_table; option->apply != NULL;
	     option++) {
		bool is_for_sending =
		    option->command != NULL && option_is_for(option, "");
		struct item item;

		if (!describe_option(&item, option))
			continue;
		if (is_for_sending)
			item.command = "";
		shell->write_option(&item);
		item.command = "send";
		if (is_for_sending && option_is_for(option, "send"))
			shell->write_option(&item);
	}
	for (enum setting_id id = 0; id < SETTING_COUNT; id++) {
		struct item item;

		if (describe_setting(&item, id))
			shell->write_option(&item);
	}
}

static void
write_values(const struct shell *shell)
{
	struct item item;

	for (const struct option *option = options_table; option->apply != NULL;
	     option++) {
		if (describe_option(&item, option))
			shell->write_value(&item);
	}
	for (enum setting_id id = 0; id < SETTING_COUNT; id++) {
		if (describe_setting(&item, id))
			shell->write_value(&item);
	}
}

static void
write_settings(const struct shell *shell)
{
	shell->write_word("default-account",
	    "account to use if nothing selects another");
	for (enum setting_id id = 0; id < SETTING_COUNT; id++)
		shell->write_word(setting_row(id)->name, setting_row(id)->help);
}

static void
write_config_subcommands(const struct shell *shell)
{
	const char *name;
	const char *help;

	for (size_t i = 0; (name = config_subcommand(i, &help)) != NULL; i++)
		shell->write_word(name, help);
}

static void
write_queue_subcommands(const struct shell *shell)
{
	const char *name;
	const char *help;

	for (size_t i = 0; (name = queue_subcommand(i, &help)) != NULL; i++)
		shell->write_word(name, help);
}

/* ---- items --------------------------------------------------------------- */

enum value_kind
verb_value_kind(const struct verb *verb)
{
	return verb->argument != NULL ? kind_of(verb->argument) : VALUE_NONE;
}

/* Returns false for an option that isn't offered. */
static bool
describe_option(struct item *item, const struct option *option)
{
	*item = (struct item){.letter = option->letter,
	    .name = option->name,
	    .command = option->command,
	    .argument = option->argument,
	    .help = option->help};
	if (option->argument != NULL)
		item->kind = kind_of(option->argument);
	if (item->kind == VALUE_WORDS)
		add_words(item, option->argument);
	return option->help != NULL;
}

/* Returns false for a setting that is no option. */
static bool
describe_setting(struct item *item, enum setting_id id)
{
	const struct setting *setting = setting_row(id);

	*item = (struct item){.name = setting->name,
	    .argument = setting->argument,
	    .help = setting->help,
	    .is_bool = setting->type == SETTING_BOOL,
	    .kind = kind_of(setting->argument)};
	if (item->is_bool)
		add_words(item, "yes no");
	if (setting->type == SETTING_SOURCE)
		add_words(item, "keyring env: file: systemd: command:");
	if (setting->words != NULL)
		add_words(item, setting->words);
	if (setting->suggestions != NULL)
		add_words(item, setting->suggestions);
	if (strcmp(setting->argument, "MECHANISM,...") == 0)
		add_mechanisms(item);
	return !setting->in_file_only;
}

/* The placeholder names what the value is; "a|b" and "a,b" are words. */
static enum value_kind
kind_of(const char *argument)
{
	static const struct {
		const char *argument;
		enum value_kind kind;
	} kinds[] = {
	    {"ACCOUNT", VALUE_ACCOUNT},
	    {"ADDRESS|ACCOUNT", VALUE_ACCOUNT},
	    {"[ADDRESS|ACCOUNT]", VALUE_ACCOUNT},
	    {"PROVIDER", VALUE_PROVIDER},
	    {"[PROVIDER]", VALUE_PROVIDER},
	    {"FILE", VALUE_FILE},
	    {"FILE|URI", VALUE_FILE},
	    {"DIRECTORY", VALUE_DIRECTORY},
	    {"HOST", VALUE_HOST},
	};

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		if (strcmp(kinds[i].argument, argument) == 0)
			return kinds[i].kind;
	}
	return strchr(argument, '|') != NULL ? VALUE_WORDS : VALUE_TEXT;
}

/* Adds words separated by " ", "|" or ",". */
static void
add_words(struct item *item, const char *words)
{
	size_t len = strlen(item->words);
	size_t start = len;

	snprintf(item->words + len, sizeof item->words - len, "%s%s",
	    len > 0 ? " " : "", words);
	for (char *at = item->words + start; *at != '\0'; at++) {
		if (*at == '|' || *at == ',')
			*at = ' ';
	}
	item->kind = VALUE_WORDS;
}

static void
add_mechanisms(struct item *item)
{
	for (const struct sasl_mechanism *mechanism = sasl_mechanisms;
	     mechanism->name != NULL; mechanism++) {
		char name[LINE_SIZE];
		size_t len = strlen(mechanism->name);

		for (size_t i = 0; i <= len; i++)
			name[i] =
			    (char)tolower((unsigned char)mechanism->name[i]);
		add_words(item, name);
	}
}

void
put_quoted(const char *text, const char *escaped)
{
	for (; *text != '\0'; text++) {
		if (*text == '\'')
			fputs("'\\''", stdout);
		else
			printf("%s%c",
			    strchr(escaped, *text) != NULL ? "\\" : "", *text);
	}
}

/* SPDX-License-Identifier: MIT */
/*
 * Prints help. All lists are made from the tables.
 */
#include "cli/help.h"

#include <stdio.h>
#include <string.h>

#include "base/wrap.h"
#include "report/terminal-style.h"

enum {
	HELP_COLUMN = 28,  /* of the second column */
	HELP_INDENT = 8,   /* of the second column on a narrow terminal */
	HELP_COLUMNS = 80, /* of a file */
	HELP_COLUMNS_MIN = 60
};

static const struct option *find_common(const char *name);
static void print_verb_options(const struct verb *verb);
static void print_option(const struct option *option, bool with_command);
static void print_setting(enum setting_id id);
static void print_row(char letter, const char *name, const char *argument,
    const char *help);
static void print_columns(const char *left, const char *right);
static void print_paragraph(const char *text);
static size_t help_columns(void);

/* The options in the summary, by letter or name. */
static const char *const common_options[] = {"a", "v", "dry-run"};

void
help_print_summary(void)
{
	puts("Usage: postrider [OPTION]... RECIPIENT... < MESSAGE\n"
	     "       postrider COMMAND [OPTION]... [ARGUMENT]");
	print_paragraph("postrider sends a message through your mail "
			"provider.");
	puts("Commands:");
	for (const struct verb *verb = verbs; verb->name != NULL; verb++) {
		bool has_argument = verb->argument != NULL;
		char call[40];

		snprintf(call, sizeof call, "  %s%s%s", verb->name,
		    has_argument ? " " : "",
		    has_argument ? verb->argument : "");
		print_columns(call, verb->help);
	}
	puts("Common options:");
	for (size_t i = 0; i < sizeof common_options / sizeof *common_options;
	     i++)
		print_option(find_common(common_options[i]), false);
	print_paragraph("\"postrider help COMMAND\" explains a command; "
			"\"postrider help options\" lists all options and "
			"settings; postrider(1) is the manual.");
	puts("To begin: postrider login ADDRESS");
}

void
help_print_verb(const struct verb *verb)
{
	const char *usage = verb->usage;
	const char *label = "Usage:";

	while (*usage != '\0') {
		size_t len = strcspn(usage, "\n");

		printf("%-6s postrider %.*s\n", label, (int)len, usage);
		usage += len + (usage[len] == '\n');
		label = "";
	}
	putchar('\n');
	print_paragraph(verb->description);
	putchar('\n');
	print_verb_options(verb);
	puts("Examples:");
	for (size_t i = 0; i < 2; i++)
		printf("  %s\n", verb->examples[i]);
	putchar('\n');
	print_paragraph("See also \"postrider help options\" and "
			"postrider(1).");
}

void
help_print_options(void)
{
	puts("Options:");
	for (const struct option *option = options_table; option->apply != NULL;
	     option++) {
		if (option->help != NULL)
			print_option(option, true);
	}
	putchar('\n');
	print_paragraph("Settings (also in the configuration file, and in the "
			"environment as POSTRIDER_NAME):");
	for (enum setting_id id = 0; id < SETTING_COUNT; id++)
		print_setting(id);
}

static const struct option *
find_common(const char *name)
{
	const struct option *option = options_table;

	for (; option->apply != NULL; option++) {
		if ((option->letter == name[0] && name[1] == '\0') ||
		    (option->name != NULL && strcmp(option->name, name) == 0))
			break;
	}
	return option;
}

static void
print_verb_options(const struct verb *verb)
{
	const enum setting_id *id = verb->settings;
	size_t count = 0;

	for (const struct option *option = options_table; option->apply != NULL;
	     option++) {
		if (option->command == NULL || option->help == NULL ||
		    !option_is_for(option, verb->name) ||
		    (option->name == NULL && option_is_for(option, "")))
			continue;
		print_option(option, false);
		count++;
	}
	for (; id != NULL && *id != SETTING_COUNT; id++, count++)
		print_setting(*id);
	if (count > 0)
		putchar('\n');
}

static void
print_option(const struct option *option, bool with_command)
{
	char help[80];
	bool is_named = with_command && option->command != NULL &&
	    !option_is_for(option, "");

	snprintf(help, sizeof help, "%s%s%s", is_named ? option->command : "",
	    is_named ? ": " : "", option->help);
	print_row(option->letter, option->name, option->argument, help);
}

static void
print_setting(enum setting_id id)
{
	const struct setting *setting = setting_row(id);

	if (!setting->in_file_only)
		print_row(0, setting->name, setting->argument, setting->help);
}

static void
print_row(char letter, const char *name, const char *argument, const char *help)
{
	char letters[] = {'-', letter, name != NULL ? ',' : '\0', '\0'};
	char option[64];

	snprintf(option, sizeof option, "  %-*s%s%s%s%s", name != NULL ? 4 : 3,
	    letter != 0 ? letters : "", name != NULL ? "--" : "",
	    name != NULL ? name : "",
	    name != NULL && argument != NULL ? "=" : "",
	    argument != NULL ? argument : "");
	print_columns(option, help);
}

/* Prints two columns; the right one begins a new line if the left is long, or
 * the terminal narrow. */
static void
print_columns(const char *left, const char *right)
{
	size_t width = help_columns();
	size_t indent = width < HELP_COLUMNS_MIN ? HELP_INDENT : HELP_COLUMN;

	if (strlen(left) + 2 > indent)
		printf("%s\n%*s", left, (int)indent, "");
	else
		printf("%-*s", (int)indent, left);
	wrap_print(stdout, right, indent, indent, width);
}

static void
print_paragraph(const char *text)
{
	wrap_print(stdout, text, 0, 0, help_columns());
}

static size_t
help_columns(void)
{
	size_t columns = terminal_columns(stdout);

	return columns > 0 ? columns : HELP_COLUMNS;
}

/* SPDX-License-Identifier: MIT */
/*
 * Fills a template of a shell's completion from the program's own tables. Reads
 * the template from standard input; each line "@NAME@" is replaced by the lines
 * that the writer of that name makes. The argument is the file to make, which
 * says the shell: postrider.bash, _postrider (zsh) or postrider.fish.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "cli/options.h"
#include "cli/queue.h"
#include "cli/verb-config.h"
#include "cli/verbs.h"
#include "config/settings.h"
#include "smtp/sasl.h"

enum {
	LINE_SIZE = 1024
};

enum value_kind {
	VALUE_NONE, /* the option takes no value */
	VALUE_TEXT, /* nothing can be offered */
	VALUE_ACCOUNT,
	VALUE_PROVIDER,
	VALUE_FILE,
	VALUE_DIRECTORY,
	VALUE_HOST,
	VALUE_WORDS
};

/* An option, or a setting as an option. */
struct item {
	char letter;         /* or 0 */
	const char *name;    /* or NULL */
	const char *command; /* as in struct option */
	const char *argument;
	const char *help;
	bool is_bool; /* the value is optional, and there is a --no- form */
	enum value_kind kind;
	char words[LINE_SIZE]; /* VALUE_WORDS: separated by spaces */
};

typedef void item_writer(const struct item *item);
typedef void verb_writer(const struct verb *verb);

typedef void word_writer(const char *name, const char *help);

static item_writer bash_option, bash_value, zsh_option, fish_option,
    fish_valued;
static verb_writer bash_verb, bash_argument, zsh_verb, zsh_argument, fish_verb;
static word_writer bash_word, zsh_word, fish_word;

/* What a mark in a template is replaced by; all writers but one are NULL. */
static const struct {
	const char *file;
	const char *mark;
	item_writer *write_item;
	verb_writer *write_verb;
	word_writer *write_setting;
	word_writer *write_subcommand;
	const char *(*subcommand)(size_t index, const char **ret_help);
} marks[] = {
    {"postrider.bash", "@verbs@\n", NULL, bash_verb, NULL, NULL, NULL},
    {"postrider.bash", "@arguments@\n", NULL, bash_argument, NULL, NULL, NULL},
    {"postrider.bash", "@options@\n", bash_option, NULL, NULL, NULL, NULL},
    {"postrider.bash", "@values@\n", bash_value, NULL, NULL, NULL, NULL},
    {"_postrider", "@verbs@\n", NULL, zsh_verb, NULL, NULL, NULL},
    {"_postrider", "@arguments@\n", NULL, zsh_argument, NULL, NULL, NULL},
    {"_postrider", "@options@\n", zsh_option, NULL, NULL, NULL, NULL},
    {"postrider.fish", "@verbs@\n", NULL, fish_verb, NULL, NULL, NULL},
    {"postrider.fish", "@valued@\n", fish_valued, NULL, NULL, NULL, NULL},
    {"postrider.fish", "@options@\n", fish_option, NULL, NULL, NULL, NULL},
    {"postrider.bash", "@settings@\n", NULL, NULL, bash_word, NULL, NULL},
    {"_postrider", "@settings@\n", NULL, NULL, zsh_word, NULL, NULL},
    {"postrider.fish", "@settings@\n", NULL, NULL, fish_word, NULL, NULL},
    {"postrider.bash", "@subcommands@\n", NULL, NULL, NULL, bash_word,
	config_subcommand},
    {"postrider.bash", "@queue@\n", NULL, NULL, NULL, bash_word,
	queue_subcommand},
    {"_postrider", "@subcommands@\n", NULL, NULL, NULL, zsh_word,
	config_subcommand},
    {"_postrider", "@queue@\n", NULL, NULL, NULL, zsh_word, queue_subcommand},
    {"postrider.fish", "@subcommands@\n", NULL, NULL, NULL, fish_word,
	config_subcommand},
    {"postrider.fish", "@queue@\n", NULL, NULL, NULL, fish_word,
	queue_subcommand},
};

static bool replace(const char *file, const char *line);
static void write_items(item_writer *write);
static void write_settings(word_writer *write);
static void write_subcommands(word_writer *write,
    const char *(*subcommand)(size_t index, const char **ret_help));
static void describe_option(struct item *item, const struct option *option);
static void describe_setting(struct item *item, const struct setting *setting);
static enum value_kind kind_of(const char *argument);
static void add_words(struct item *item, const char *words);
static void add_mechanisms(struct item *item);
static void zsh_spec(const struct item *item, const char *name,
    const char *mark);
static void zsh_action(const struct item *item);
static void fish_action(const struct item *item);
static void put_quoted(const char *text, const char *escaped);
static void put_lower(const char *text);

int
main(int argc, char *argv[])
{
	char line[LINE_SIZE];

	if (argc != 2) {
		fputs("usage: generate FILE < TEMPLATE\n", stderr);
		return 1;
	}
	while (fgets(line, sizeof line, stdin) != NULL) {
		if (!replace(argv[1], line))
			fputs(line, stdout);
	}
	return ferror(stdin) || fflush(stdout) != 0;
}

static bool
replace(const char *file, const char *line)
{
	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
		if (strcmp(marks[i].file, file) != 0 ||
		    strcmp(marks[i].mark, line) != 0)
			continue;
		if (marks[i].write_item != NULL)
			write_items(marks[i].write_item);
		for (const struct verb *verb = verbs;
		     marks[i].write_verb != NULL && verb->name != NULL; verb++)
			marks[i].write_verb(verb);
		if (marks[i].write_setting != NULL)
			write_settings(marks[i].write_setting);
		if (marks[i].write_subcommand != NULL)
			write_subcommands(marks[i].write_subcommand,
			    marks[i].subcommand);
		return true;
	}
	return false;
}

/* ---- the tables ---------------------------------------------------------- */

static void
write_items(item_writer *write)
{
	for (const struct option *option = options_table; option->apply != NULL;
	     option++) {
		struct item item = {0};

		if (option->help == NULL)
			continue;
		describe_option(&item, option);
		if (option_is_for(option, "") && option->command != NULL)
			item.command = "";
		write(&item);
		item.command = "send";
		if (option_is_for(option, "") && option->command != NULL &&
		    option_is_for(option, "send") && write != bash_value)
			write(&item);
	}
	for (enum setting_id id = 0; id < SETTING_COUNT; id++) {
		struct item item = {0};

		if (setting_row(id)->in_file_only)
			continue;
		describe_setting(&item, setting_row(id));
		write(&item);
	}
}

static void
write_settings(word_writer *write)
{
	write("default-account", "account to use if nothing selects another");
	for (enum setting_id id = 0; id < SETTING_COUNT; id++)
		write(setting_row(id)->name, setting_row(id)->help);
}

static void
write_subcommands(word_writer *write,
    const char *(*subcommand)(size_t index, const char **ret_help))
{
	const char *help;

	for (size_t i = 0; subcommand(i, &help) != NULL; i++)
		write(subcommand(i, &help), help);
}

static void
describe_option(struct item *item, const struct option *option)
{
	item->letter = option->letter;
	item->name = option->name;
	item->command = option->command;
	item->argument = option->argument;
	item->help = option->help;
	if (option->argument == NULL)
		return;
	item->kind = kind_of(option->argument);
	if (item->kind == VALUE_WORDS)
		add_words(item, option->argument);
}

static void
describe_setting(struct item *item, const struct setting *setting)
{
	item->name = setting->name;
	item->argument = setting->argument;
	item->help = setting->help;
	item->is_bool = setting->type == SETTING_BOOL;
	item->kind = kind_of(setting->argument);
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

/* ---- bash ---------------------------------------------------------------- */

static void
bash_verb(const struct verb *verb)
{
	puts(verb->name);
}

static void
bash_argument(const struct verb *verb)
{
	enum value_kind kind =
	    verb->argument != NULL ? kind_of(verb->argument) : VALUE_NONE;

	if (kind == VALUE_ACCOUNT)
		printf("\t%s) _postrider_account \"$1\" ;;\n", verb->name);
	if (kind == VALUE_PROVIDER)
		printf("\t%s) _postrider_provider \"$1\" ;;\n", verb->name);
}

/* "COMMAND --OPTION": the command that takes the option. */
static void
bash_option(const struct item *item)
{
	const char *command = item->command != NULL ? item->command : "any";
	bool needs_value = item->kind != VALUE_NONE && !item->is_bool;

	if (*command == '\0')
		command = "sending";
	if (item->letter != 0)
		printf("%s -%c\n", command, item->letter);
	if (item->name != NULL)
		printf("%s --%s%s\n", command, item->name,
		    needs_value ? "=" : "");
	if (item->is_bool)
		printf("%s --no-%s\n", command, item->name);
}

/* A branch of "case"; without it the next word is no value. */
static void
bash_value(const struct item *item)
{
	static const char *const functions[] = {[VALUE_TEXT] = "nothing",
	    [VALUE_ACCOUNT] = "account",
	    [VALUE_PROVIDER] = "provider",
	    [VALUE_FILE] = "file",
	    [VALUE_DIRECTORY] = "directory",
	    [VALUE_HOST] = "host",
	    [VALUE_WORDS] = "word"};

	if (item->kind == VALUE_NONE)
		return;
	putchar('\t');
	if (item->letter != 0)
		printf("-%c%s", item->letter, item->name != NULL ? " | " : "");
	if (item->name != NULL && !item->is_bool)
		printf("--%s | ", item->name);
	if (item->name != NULL)
		printf("--%s=", item->name);
	printf(") _postrider_%s \"$2\" %s ;;\n", functions[item->kind],
	    item->words);
}

static void
bash_word(const char *name, const char *help)
{
	(void)help;
	puts(name);
}

/* ---- zsh ----------------------------------------------------------------- */

static void
zsh_verb(const struct verb *verb)
{
	printf("\t'%s:", verb->name);
	put_quoted(verb->help, ":");
	puts("'");
}

static void
zsh_argument(const struct verb *verb)
{
	enum value_kind kind =
	    verb->argument != NULL ? kind_of(verb->argument) : VALUE_NONE;

	if (kind == VALUE_ACCOUNT)
		printf("\t%s) _postrider_accounts ;;\n", verb->name);
	if (kind == VALUE_PROVIDER)
		printf("\t%s) _postrider_providers ;;\n", verb->name);
}

static void
zsh_option(const struct item *item)
{
	char name[64];

	if (item->letter != 0) {
		snprintf(name, sizeof name, "-%c", item->letter);
		zsh_spec(item, name, item->kind != VALUE_NONE ? "+" : "");
	}
	if (item->name == NULL)
		return;
	snprintf(name, sizeof name, "--%s", item->name);
	if (item->is_bool)
		zsh_spec(item, name, "=-");
	else
		zsh_spec(item, name, item->kind != VALUE_NONE ? "=" : "");
	if (item->is_bool)
		printf("options+=('(--%s)--no-%s[same as --%s=no]')\n",
		    item->name, item->name, item->name);
}

/* A specification of _arguments: '(-a --account)-a+[help]:message:action'. */
static void
zsh_spec(const struct item *item, const char *name, const char *mark)
{
	if (item->command != NULL)
		printf("[[ $verb == %s ]] && ",
		    *item->command != '\0' ? item->command : "sending");
	fputs("options+=('", stdout);
	if (item->letter != 0 && item->name != NULL)
		printf("(-%c --%s)", item->letter, item->name);
	printf("%s%s[", name, mark);
	put_quoted(item->help, ":[]");
	putchar(']');
	if (item->kind != VALUE_NONE)
		zsh_action(item);
	puts("')");
}

static void
zsh_action(const struct item *item)
{
	static const char *const actions[] = {[VALUE_TEXT] = "",
	    [VALUE_ACCOUNT] = "_postrider_accounts",
	    [VALUE_PROVIDER] = "_postrider_providers",
	    [VALUE_FILE] = "_files",
	    [VALUE_DIRECTORY] = "_files -/",
	    [VALUE_HOST] = "_hosts"};

	fputs(item->is_bool ? "::" : ":", stdout);
	put_lower(item->argument);
	putchar(':');
	if (item->kind != VALUE_WORDS) {
		fputs(actions[item->kind], stdout);
		return;
	}
	putchar('(');
	put_quoted(item->words, ":");
	putchar(')');
}

static void
zsh_word(const char *name, const char *help)
{
	printf("\t'%s:", name);
	put_quoted(help, ":");
	puts("'");
}

/* ---- fish ---------------------------------------------------------------- */

static void
fish_verb(const struct verb *verb)
{
	enum value_kind kind =
	    verb->argument != NULL ? kind_of(verb->argument) : VALUE_NONE;

	printf("complete -c postrider -n __postrider_at_verb -a %s -d '",
	    verb->name);
	put_quoted(verb->help, "");
	puts("'");
	printf("set -ga __postrider_verbs %s\n", verb->name);
	if (kind == VALUE_ACCOUNT || kind == VALUE_PROVIDER)
		printf("complete -c postrider -n '__postrider_verb_is %s; "
		       "and __postrider_words_are' -a '(__postrider_%s)'\n",
		    verb->name,
		    kind == VALUE_ACCOUNT ? "accounts" : "providers");
}

static void
fish_valued(const struct item *item)
{
	if (item->kind == VALUE_NONE || item->is_bool)
		return;
	fputs("set -ga __postrider_valued", stdout);
	if (item->letter != 0)
		printf(" -%c", item->letter);
	if (item->name != NULL)
		printf(" --%s", item->name);
	putchar('\n');
}

static void
fish_option(const struct item *item)
{
	fputs("complete -c postrider", stdout);
	if (item->command != NULL && *item->command == '\0')
		fputs(" -n 'not __postrider_has_verb'", stdout);
	else if (item->command != NULL)
		printf(" -n '__postrider_verb_is %s'", item->command);
	if (item->letter != 0)
		printf(" -s %c", item->letter);
	if (item->name != NULL)
		printf(" -l %s", item->name);
	if (item->kind != VALUE_NONE && !item->is_bool)
		fish_action(item);
	fputs(" -d '", stdout);
	put_quoted(item->help, "");
	puts("'");
	if (item->is_bool)
		printf("complete -c postrider -l no-%s -d 'same as --%s=no'\n",
		    item->name, item->name);
}

static void
fish_action(const struct item *item)
{
	static const char *const actions[] = {[VALUE_TEXT] = " -x",
	    [VALUE_ACCOUNT] = " -x -a '(__postrider_accounts)'",
	    [VALUE_PROVIDER] = " -x -a '(__postrider_providers)'",
	    [VALUE_FILE] = " -r -F",
	    [VALUE_DIRECTORY] = " -x -a '(__fish_complete_directories)'",
	    [VALUE_HOST] = " -x -a '(__fish_print_hostnames)'"};

	if (item->kind == VALUE_WORDS)
		printf(" -x -a '%s'", item->words);
	else
		fputs(actions[item->kind], stdout);
}

/* A line of printf's arguments. */
static void
fish_word(const char *name, const char *help)
{
	printf("    '%s' '", name);
	put_quoted(help, "");
	puts("' \\");
}

/* ---- texts --------------------------------------------------------------- */

/* For single quotes of any shell; "\" goes before the bytes to escape. */
static void
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

static void
put_lower(const char *text)
{
	for (; *text != '\0'; text++)
		putchar(tolower((unsigned char)*text));
}

/* SPDX-License-Identifier: MIT */
/*
 * What fish's completion is made of.
 */
#include "shell.h"

#include <stdio.h>

static verb_writer fish_verb;
static item_writer fish_option, fish_value;
static word_writer fish_word;

const struct shell fish_shell = {
    .file = "postrider.fish",
    .write_verb = fish_verb,
    .write_option = fish_option,
    .write_value = fish_value,
    .write_word = fish_word,
};

static void fish_action(const struct item *item);

static void
fish_verb(const struct verb *verb)
{
	enum value_kind kind = verb_value_kind(verb);

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

/* The options whose next word is a value. */
static void
fish_value(const struct item *item)
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

/* SPDX-License-Identifier: MIT */
/*
 * What bash's completion is made of.
 */
#include "shell.h"

#include <stdio.h>

static verb_writer bash_verb, bash_argument;
static item_writer bash_option, bash_value;
static word_writer bash_word;

const struct shell bash_shell = {
    .file = "postrider.bash",
    .write_verb = bash_verb,
    .write_argument = bash_argument,
    .write_option = bash_option,
    .write_value = bash_value,
    .write_word = bash_word,
};

static void
bash_verb(const struct verb *verb)
{
	puts(verb->name);
}

static void
bash_argument(const struct verb *verb)
{
	enum value_kind kind = verb_value_kind(verb);

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

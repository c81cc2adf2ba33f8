/* SPDX-License-Identifier: MIT */
/*
 * What zsh's completion is made of.
 */
#include "shell.h"

#include <ctype.h>
#include <stdio.h>

static verb_writer zsh_verb, zsh_argument;
static item_writer zsh_option;
static word_writer zsh_word;

const struct shell zsh_shell = {
    .file = "_postrider",
    .write_verb = zsh_verb,
    .write_argument = zsh_argument,
    .write_option = zsh_option,
    .write_word = zsh_word,
};

static void zsh_spec(const struct item *item, const char *name,
    const char *mark);
static void zsh_action(const struct item *item);
static void put_lower(const char *text);

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
	enum value_kind kind = verb_value_kind(verb);

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

static void
put_lower(const char *text)
{
	for (; *text != '\0'; text++)
		putchar(tolower((unsigned char)*text));
}

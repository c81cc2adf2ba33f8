/* SPDX-License-Identifier: MIT */
#ifndef COMPLETIONS_SHELL_H
#define COMPLETIONS_SHELL_H

/*
 * How a shell's completion writes what the tables of the program hold. A writer
 * prints the lines of one row to standard output.
 */

#include <stdbool.h>

#include "cli/verbs.h"

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

typedef void verb_writer(const struct verb *verb);
typedef void item_writer(const struct item *item);
typedef void word_writer(const char *name, const char *help);

/* The writers that the template of the shell has no mark for are NULL. */
struct shell {
	const char *file; /* the name of its completion */
	verb_writer *write_verb;
	verb_writer *write_argument; /* what the argument of a verb can be */
	item_writer *write_option;   /* once for each command that has it */
	item_writer *write_value;    /* what the value can be */
	word_writer *write_word;     /* a setting or a subcommand */
};

extern const struct shell bash_shell, zsh_shell, fish_shell;

/* Returns what the argument of a verb is. */
enum value_kind verb_value_kind(const struct verb *verb);

/*
 * Prints a text for single quotes of any shell, with "\" before the bytes to
 * escape.
 */
void put_quoted(const char *text, const char *escaped);

#endif

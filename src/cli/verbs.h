/* SPDX-License-Identifier: MIT */
#ifndef CLI_VERBS_H
#define CLI_VERBS_H

/*
 * The commands ("postrider VERB ..."), recognised only as the first argument.
 * Each has a file of its own, verb-NAME.c, and a row in verbs-table.c, from
 * which its help and its completions are made.
 */

#include <stdbool.h>

#include "base/error.h"
#include "cli/options.h"

enum verb_takes {
	VERB_TAKES_NOTHING,
	VERB_TAKES_AN_ARGUMENT, /* optional */
	VERB_NEEDS_AN_ARGUMENT,
	VERB_TAKES_RECIPIENTS, /* parts of options->composition */
	VERB_TAKES_WORDS /* any number of arguments, with options between */
};

/*
 * Runs the command; its arguments are options->argument[0] and so on. Returns
 * the exit status, or -1 with an error that is still to be reported.
 */
typedef int verb_function(struct options *options, struct error *err);

/*
 * A command. "postrider help NAME" shows usage, description, the options whose
 * row in options-table.c names the command, the settings, and the examples, on
 * at most 25 lines of 80 columns (tests/cli/test_help.py). Texts are wrapped;
 * only "\n" in usage separates lines.
 */
struct verb {
	const char *name;
	enum verb_takes takes;
	const char *argument;    /* in the list of commands: its placeholder */
	const char *help;        /* in the list of commands: what it does */
	const char *usage;       /* a line for each form, without "postrider" */
	const char *description; /* whole sentences */
	const enum setting_id *settings; /* often given to this command; ended
					    by SETTING_COUNT */
	const char
	    *examples[2]; /* command lines of at most 78 columns, which
			     tests/cli/test_documented_commands.py runs */
	verb_function *run;
};

/* The table, ended by a NULL name. */
extern const struct verb verbs[];

/* Finds a command by name; NULL when there is none. */
const struct verb *verb_find(const char *name);

/*
 * Fails if a recipient is probably a command: the name of a future one, or a
 * mistyped name, or a name after an option. Does nothing when called as
 * sendmail, or after "--". ERROR_USAGE.
 */
int verb_check_recipients(const struct options *options, struct error *err);

/* Finds the command that a recipient resembles; NULL if there is none. */
const struct verb *verb_resembled(const struct options *options);

/*
 * Parses the command line, which may have options before and after the
 * argument, runs the command and reports its failure. argv[0] is the command.
 * Returns the exit status.
 */
int verb_run(const struct verb *verb, int argc, char *const argv[]);

verb_function verb_help;
verb_function verb_version;
verb_function verb_providers;
verb_function verb_accounts;
verb_function verb_config;
verb_function verb_login;
verb_function verb_logout;
verb_function verb_check;
verb_function verb_token;
verb_function verb_send;
verb_function verb_import;
verb_function verb_queue;

#endif

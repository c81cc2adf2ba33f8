/* SPDX-License-Identifier: MIT */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

/*
 * The command line of a submission: sendmail's letters with sendmail's meaning,
 * the native long names, and every setting as a long option. One table
 * (options-table.c) makes them all, and --help.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/error.h"
#include "config/settings.h"

enum options_mode {
	OPTIONS_SUBMIT,
	OPTIONS_LIST_QUEUE, /* -bp, mailq */
	OPTIONS_RUN_QUEUE,  /* -q */
	OPTIONS_NEWALIASES, /* -bi, -I, newaliases */
	OPTIONS_HELP,
	OPTIONS_VERSION,
	OPTIONS_MODE_COUNT
};

/* Texts are borrowed from argv. */
struct options {
	enum options_mode mode;
	bool from_header; /* -t */
	bool dot_is_text; /* -i: a lone dot doesn't end the message */
	bool dry_run;
	bool json;
	bool verbose;            /* -v */
	bool quiet;              /* -oeq: no error text */
	bool device;             /* of login */
	bool paste;              /* of login */
	const char *min_valid;   /* of token; a duration */
	const char *account;     /* -a */
	const char *config_path; /* -C */
	const char *sender;      /* -f; "" or "<>": the null sender */
	const char *notify;      /* -N */
	const char *return_type; /* -R */
	const char *envelope_id; /* -V */
	struct settings flags;   /* the settings among them */
	char *const *argument;   /* what follows the options */
	size_t argument_count;
};

enum option_takes {
	OPTION_TAKES_NOTHING,
	OPTION_TAKES_WORD, /* the rest of the word, or the next word */
	OPTION_TAKES_REST  /* the rest of the word, which may be empty */
};

/* One row of the table. */
struct option {
	char letter;      /* 0: it has only a long name */
	const char *name; /* NULL: it has only a letter */
	enum option_takes takes;
	/* Takes the option in; value is NULL for OPTION_TAKES_NOTHING. */
	int (*apply)(struct options *options, const struct option *option,
	    const char *value, struct error *err);
	size_t offset;        /* of the field that a plain apply sets */
	const char *argument; /* its placeholder in --help */
	const char *help;     /* NULL: not listed there */
};

/* The table, ended by a row without an apply. */
extern const struct option options_table[];

void options_init(struct options *options);
void options_done(struct options *options);

/*
 * Reads argv from argv[1] on, in POSIX order: the first word that is no option
 * ends them, so does "--". name is what the program was called as: as mailq or
 * newaliases it is that. ERROR_USAGE names the option.
 */
int options_parse(struct options *options, const char *name, int argc,
    char *const argv[], struct error *err);

/* Whether argv asks for JSON: also where it can't be read to its end. */
bool options_want_json(int argc, char *const argv[]);

/* Writes the lines of --help that the tables make. */
void options_print_help(FILE *out);

#endif

/* SPDX-License-Identifier: MIT */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

/*
 * The command line: sendmail's letters with sendmail's meaning, long options,
 * and every setting as a long option. The parser, help and the completions are
 * made from one table (options-table.c).
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/error.h"
#include "cli/composition.h"
#include "config/settings.h"
#include "report/report-options.h"

enum options_mode {
	OPTIONS_SUBMIT,
	OPTIONS_SERVE,      /* -bs */
	OPTIONS_VERIFY,     /* -bv */
	OPTIONS_LIST_QUEUE, /* -bp, mailq */
	OPTIONS_RUN_QUEUE,  /* -q */
	OPTIONS_NEWALIASES, /* -bi, -I, newaliases */
	OPTIONS_HELP,
	OPTIONS_VERSION,
	OPTIONS_MODE_COUNT
};

/* Texts are borrowed from argv. */
struct options {
	const char *command; /* the command, e.g. "login"; "" when sending */
	enum options_mode mode;
	bool as_sendmail;        /* called by a name of sendmail's */
	bool is_interactive;     /* standard input is a terminal */
	bool has_sending_option; /* one that no command takes */
	bool has_dashes;         /* "--" ended the options */
	bool from_header;        /* -t */
	bool dot_is_text;        /* -i: a lone dot does not end the message */
	char delivery_mode; /* of -od: q, only queue it; i, try it now; or 0 */
	bool waits;         /* --wait: never queue it */
	bool dry_run;
	struct report_options report; /* --json, -v, -vv, -oeq */
	bool device;
	bool paste;
	bool composes; /* the message is to be written first */
	bool edit;
	const char *draft; /* --draft: to be edited again */
	struct composition composition;
	const char *check_recipient; /* --to of check, or NULL */
	bool check_all;
	bool queue_remove;       /* --remove of queue install */
	bool queue_cron;         /* --cron of queue install */
	int64_t min_valid_ms;    /* 0: not given */
	const char *account;     /* -a */
	const char *config_path; /* -C */
	const char *sender;      /* -f; "" or "<>": the null sender */
	const char *notify;      /* -N */
	const char *return_type; /* -R */
	const char *envelope_id; /* -V */
	const char *find;        /* --find, an address */
	struct settings flags;   /* the settings among them */
	char *const *argument;   /* the words after the options */
	size_t argument_count;
};

enum option_takes {
	OPTION_TAKES_NOTHING,
	OPTION_TAKES_WORD, /* the rest of the word, or the next word */
	OPTION_TAKES_REST  /* the rest of the word, which may be empty */
};

/* A value of the column command: when sending, and the command send. */
#define OPTION_SENDING_OR_SEND "|send"

struct option;

/* Stores one option; value is NULL for OPTION_TAKES_NOTHING. ERROR_USAGE. */
typedef int option_apply(struct options *options, const struct option *option,
    const char *value, struct error *err);

/* One row of the table. */
struct option {
	char letter;      /* 0: only a long name */
	const char *name; /* NULL: only a letter */
	enum option_takes takes;
	const char *command; /* the command that takes the option; "": only
				when sending; OPTION_SENDING_OR_SEND; NULL:
				always */
	option_apply *apply;
	size_t target;        /* the offset of the field, or the mode, that
				 apply sets */
	const char *argument; /* the placeholder in help */
	const char *help;     /* NULL: not listed */
};

/* The table, ended by a row without apply. */
extern const struct option options_table[];

/* Whether the command, "" for sending, takes the option. */
bool option_is_for(const struct option *option, const char *command);

/* An empty command line of a command, "" for sending; command is borrowed. */
void options_init(struct options *options, const char *command);
void options_done(struct options *options);

/*
 * Reads argv from argv[1] on, in POSIX order: processing stops at the first
 * non-option argument or at "--". May be called again with the arguments that
 * are left. On failure options->report.json is true if any word of argv is
 * --json. ERROR_USAGE names the option.
 */
int options_parse(struct options *options, int argc, char *const argv[],
    struct error *err);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * Every option but the settings, and what each does. What other sendmails do
 * with an argument of their caller, such as writing a file, is not in here.
 */
#include "cli/options.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "message/dsn.h"

static int set_flag(struct options *options, const struct option *option,
    const char *value, struct error *err);
static int set_text(struct options *options, const struct option *option,
    const char *value, struct error *err);
static int set_report(struct options *options, const struct option *option,
    const char *value, struct error *err);
static int set_sender(struct options *options, const struct option *option,
    const char *value, struct error *err);
static int set_full_name(struct options *options, const struct option *option,
    const char *value, struct error *err);
static int set_body_type(struct options *options, const struct option *option,
    const char *value, struct error *err);
static int set_mode(struct options *options, const struct option *option,
    const char *value, struct error *err);
static int set_sendmail_option(struct options *options,
    const struct option *option, const char *value, struct error *err);
static int set_error_mode(struct options *options, const struct option *option,
    const char *value, struct error *err);
static int run_queue(struct options *options, const struct option *option,
    const char *value, struct error *err);
static int rebuild_aliases(struct options *options, const struct option *option,
    const char *value, struct error *err);
static int show_help(struct options *options, const struct option *option,
    const char *value, struct error *err);
static int show_version(struct options *options, const struct option *option,
    const char *value, struct error *err);
static int ignore(struct options *options, const struct option *option,
    const char *value, struct error *err);
static int refuse(struct options *options, const struct option *option,
    const char *value, struct error *err);

#define AT(field) offsetof(struct options, field)

const struct option options_table[] = {
    {'t', NULL, OPTION_TAKES_NOTHING, set_flag, AT(from_header), NULL,
	"take the recipients from To, Cc and Bcc too"},
    {'i', NULL, OPTION_TAKES_NOTHING, set_flag, AT(dot_is_text), NULL,
	"a lone dot in a line doesn't end the message"},
    {'f', NULL, OPTION_TAKES_WORD, set_sender, 0, "ADDRESS",
	"the envelope sender; <> for none"},
    {'r', NULL, OPTION_TAKES_WORD, set_sender, 0, "ADDRESS", NULL},
    {'F', NULL, OPTION_TAKES_WORD, set_full_name, 0, "NAME",
	"the full name in a From that is added"},
    {'a', "account", OPTION_TAKES_WORD, set_text, AT(account), "NAME",
	"the account of the configuration to use"},
    {'C', "config", OPTION_TAKES_WORD, set_text, AT(config_path), "FILE",
	"another configuration file"},
    {'N', NULL, OPTION_TAKES_WORD, set_report, AT(notify), "WHEN",
	"reports: never, or success,failure,delay"},
    {'R', NULL, OPTION_TAKES_WORD, set_report, AT(return_type), "WHAT",
	"what a report returns: full or hdrs"},
    {'V', NULL, OPTION_TAKES_WORD, set_report, AT(envelope_id), "ID",
	"a name for this message in reports"},
    {'B', NULL, OPTION_TAKES_WORD, set_body_type, 0, "TYPE",
	"7BIT or 8BITMIME; found out by itself"},
    {0, "dry-run", OPTION_TAKES_NOTHING, set_flag, AT(dry_run), NULL,
	"do all but connect, and show what would be sent"},
    {0, "json", OPTION_TAKES_NOTHING, set_flag, AT(json), NULL,
	"report as JSON on standard output"},
    {'v', "verbose", OPTION_TAKES_NOTHING, set_flag, AT(verbose), NULL,
	"show the dialogue, without secrets"},
    {0, "device", OPTION_TAKES_NOTHING, set_flag, AT(device), NULL,
	"login: by a code that is typed on another device"},
    {0, "paste", OPTION_TAKES_NOTHING, set_flag, AT(paste), NULL,
	"login: the browser is elsewhere; paste where it ends"},
    {0, "min-valid", OPTION_TAKES_WORD, set_text, AT(min_valid), "TIME",
	"token: one that is valid at least so long"},
    {0, "help", OPTION_TAKES_NOTHING, show_help, 0, NULL, "show this"},
    {0, "version", OPTION_TAKES_NOTHING, show_version, 0, NULL,
	"show the version"},

    {'b', NULL, OPTION_TAKES_WORD, set_mode, 0, NULL, NULL},
    {'o', NULL, OPTION_TAKES_WORD, set_sendmail_option, 0, NULL, NULL},
    {'e', NULL, OPTION_TAKES_REST, set_error_mode, 0, NULL, NULL},
    {'q', NULL, OPTION_TAKES_REST, run_queue, 0, NULL, NULL},
    {'I', NULL, OPTION_TAKES_NOTHING, rebuild_aliases, 0, NULL, NULL},

    {'A', NULL, OPTION_TAKES_REST, ignore, 0, NULL, NULL},
    {'d', NULL, OPTION_TAKES_REST, ignore, 0, NULL, NULL},
    {'h', NULL, OPTION_TAKES_WORD, ignore, 0, NULL, NULL},
    {'L', NULL, OPTION_TAKES_WORD, ignore, 0, NULL, NULL},
    {'p', NULL, OPTION_TAKES_WORD, ignore, 0, NULL, NULL},
    {'D', NULL, OPTION_TAKES_WORD, ignore, 0, NULL, NULL},
    {'O', NULL, OPTION_TAKES_WORD, ignore, 0, NULL, NULL},
    {'X', NULL, OPTION_TAKES_WORD, ignore, 0, NULL, NULL},
    {'G', NULL, OPTION_TAKES_NOTHING, ignore, 0, NULL, NULL},
    {'U', NULL, OPTION_TAKES_NOTHING, ignore, 0, NULL, NULL},
    {'n', NULL, OPTION_TAKES_NOTHING, ignore, 0, NULL, NULL},
    {'m', NULL, OPTION_TAKES_NOTHING, ignore, 0, NULL, NULL},
    {'x', NULL, OPTION_TAKES_NOTHING, ignore, 0, NULL, NULL},
    {'E', NULL, OPTION_TAKES_NOTHING, ignore, 0, NULL, NULL},
    {'7', NULL, OPTION_TAKES_NOTHING, ignore, 0, NULL, NULL},
    {'8', NULL, OPTION_TAKES_NOTHING, ignore, 0, NULL, NULL},

    {'Q', NULL, OPTION_TAKES_REST, refuse, 0, NULL, NULL},
    {'M', NULL, OPTION_TAKES_REST, refuse, 0, NULL, NULL},
    {'s', NULL, OPTION_TAKES_REST, refuse, 0, NULL, NULL},
    {'T', NULL, OPTION_TAKES_REST, refuse, 0, NULL, NULL},
    {'u', NULL, OPTION_TAKES_REST, refuse, 0, NULL, NULL},
    {'W', NULL, OPTION_TAKES_REST, refuse, 0, NULL, NULL},
    {0, NULL, OPTION_TAKES_NOTHING, NULL, 0, NULL, NULL},
};

static int
set_flag(struct options *options, const struct option *option,
    const char *value, struct error *err)
{
	(void)value;
	(void)err;
	*(bool *)((char *)options + option->offset) = true;
	return 0;
}

static int
set_text(struct options *options, const struct option *option,
    const char *value, struct error *err)
{
	(void)err;
	*(const char **)((char *)options + option->offset) = value;
	return 0;
}

/* Whoever mistypes a wish shall hear of it before a message is typed. */
static int
set_report(struct options *options, const struct option *option,
    const char *value, struct error *err)
{
	static const struct {
		char letter;
		char *(*parse)(const char *text, struct error *err);
	} wishes[] = {
	    {'N', dsn_notify},
	    {'R', dsn_return},
	    {'V', dsn_envelope_id},
	};

	for (size_t i = 0; i < sizeof wishes / sizeof *wishes; i++) {
		char *parsed;

		if (wishes[i].letter != option->letter)
			continue;
		parsed = wishes[i].parse(value, err);
		if (parsed == NULL)
			return -1;
		free(parsed);
	}
	return set_text(options, option, value, err);
}

static int
set_sender(struct options *options, const struct option *option,
    const char *value, struct error *err)
{
	if (options->sender != NULL)
		return error_set(err, ERROR_USAGE,
		    "-%c: the sender was given already", option->letter);
	options->sender = value;
	return 0;
}

static int
set_full_name(struct options *options, const struct option *option,
    const char *value, struct error *err)
{
	(void)option;
	return settings_set(&options->flags, SETTING_FULL_NAME, value, "-F",
	    err);
}

/* Whether there are 8-bit bytes is seen in the message itself. */
static int
set_body_type(struct options *options, const struct option *option,
    const char *value, struct error *err)
{
	(void)options;
	(void)option;
	if (text_equals(value, "7BIT") || text_equals(value, "8BITMIME"))
		return 0;
	return error_set(err, ERROR_USAGE, "-B %s: 7BIT or 8BITMIME", value);
}

static int
set_mode(struct options *options, const struct option *option,
    const char *value, struct error *err)
{
	static const struct {
		char letter;
		enum options_mode mode;
	} modes[] = {
	    {'m', OPTIONS_SUBMIT},
	    {'p', OPTIONS_LIST_QUEUE},
	    {'i', OPTIONS_NEWALIASES},
	};

	(void)option;
	for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
		if (value[0] == modes[i].letter && value[1] == '\0') {
			options->mode = modes[i].mode;
			return 0;
		}
	}
	return error_set(err, ERROR_USAGE,
	    "-b%s: postrider is no server and has no such mode", value);
}

/* -oi, -oitrue, -oem and the like; all others are ignored. */
static int
set_sendmail_option(struct options *options, const struct option *option,
    const char *value, struct error *err)
{
	if (text_is(value, strlen(value), "i") || text_equals(value, "itrue"))
		options->dot_is_text = true;
	if (value[0] == 'e')
		return set_error_mode(options, option, value + 1, err);
	return 0;
}

static int
set_error_mode(struct options *options, const struct option *option,
    const char *value, struct error *err)
{
	(void)option;
	if (*value == '\0' || strchr("mpqwe", *value) == NULL)
		return error_set(err, ERROR_USAGE,
		    "error mode %s: one of m, p, q, w, e", value);
	options->quiet = *value == 'q';
	return 0;
}

static int
run_queue(struct options *options, const struct option *option,
    const char *value, struct error *err)
{
	(void)option;
	(void)value;
	(void)err;
	options->mode = OPTIONS_RUN_QUEUE;
	return 0;
}

static int
rebuild_aliases(struct options *options, const struct option *option,
    const char *value, struct error *err)
{
	(void)option;
	(void)value;
	(void)err;
	options->mode = OPTIONS_NEWALIASES;
	return 0;
}

static int
show_help(struct options *options, const struct option *option,
    const char *value, struct error *err)
{
	(void)option;
	(void)value;
	(void)err;
	options->mode = OPTIONS_HELP;
	return 0;
}

static int
show_version(struct options *options, const struct option *option,
    const char *value, struct error *err)
{
	(void)option;
	(void)value;
	(void)err;
	options->mode = OPTIONS_VERSION;
	return 0;
}

static int
ignore(struct options *options, const struct option *option, const char *value,
    struct error *err)
{
	(void)options;
	(void)option;
	(void)value;
	(void)err;
	return 0;
}

static int
refuse(struct options *options, const struct option *option, const char *value,
    struct error *err)
{
	(void)options;
	(void)value;
	return error_set(err, ERROR_USAGE, "-%c: not supported",
	    option->letter);
}

/* SPDX-License-Identifier: MIT */
/*
 * The table of all options except the settings, and what each option does. No
 * option reads or writes a file.
 */
#include "cli/options.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "message/dsn.h"

static option_apply option_set_flag;
static option_apply option_set_verbose;
static option_apply option_set_text;
static option_apply option_set_duration;
static option_apply option_compose;
static option_apply option_set_report;
static option_apply option_set_sender;
static option_apply option_set_full_name;
static option_apply option_check_body_type;
static option_apply option_set_b;
static option_apply option_set_o;
static option_apply option_set_error_mode;
static option_apply option_enter_mode;
static option_apply option_ignore;
static option_apply option_refuse;

#define AT(field) offsetof(struct options, field)

/* Values of the column command, besides names of commands. */
#define ANY NULL
#define SENDING ""
#define BOTH OPTION_SENDING_OR_SEND
#define SEND "send" /* the letters also when sending as postrider */

const struct option options_table[] = {
    {'t', NULL, OPTION_TAKES_NOTHING, SENDING, option_set_flag, AT(from_header),
	NULL, "add the recipients in To, Cc and Bcc"},
    {'i', NULL, OPTION_TAKES_NOTHING, SENDING, option_set_flag, AT(dot_is_text),
	NULL, "do not end the message at a line with a lone dot"},
    {'f', NULL, OPTION_TAKES_WORD, BOTH, option_set_sender, 0, "ADDRESS",
	"set the envelope sender; <> for none"},
    {'r', NULL, OPTION_TAKES_WORD, SENDING, option_set_sender, 0, "ADDRESS",
	NULL},
    {'F', NULL, OPTION_TAKES_WORD, ANY, option_set_full_name, 0, "NAME",
	"set the full name for a From that is added"},
    {'a', "account", OPTION_TAKES_WORD, BOTH, option_set_text, AT(account),
	"ACCOUNT", "use this account of the configuration"},
    {'C', "config", OPTION_TAKES_WORD, ANY, option_set_text, AT(config_path),
	"FILE", "read this configuration file"},
    {'N', NULL, OPTION_TAKES_WORD, BOTH, option_set_report, AT(notify),
	"never|success,failure,delay", "request DSNs"},
    {'R', NULL, OPTION_TAKES_WORD, BOTH, option_set_report, AT(return_type),
	"full|hdrs", "part of the message that a DSN returns"},
    {'V', NULL, OPTION_TAKES_WORD, BOTH, option_set_report, AT(envelope_id),
	"ID", "name the message in DSNs"},
    {'B', NULL, OPTION_TAKES_WORD, SENDING, option_check_body_type, 0,
	"7BIT|8BITMIME", "ignored; the body type is detected"},
    {0, "dry-run", OPTION_TAKES_NOTHING, BOTH, option_set_flag, AT(dry_run),
	NULL, "show what would be sent; do not connect"},
    {0, "wait", OPTION_TAKES_NOTHING, SENDING, option_set_flag, AT(waits), NULL,
	"wait for the server; never queue the message"},
    {0, "dry-run", OPTION_TAKES_NOTHING, "import", option_set_flag, AT(dry_run),
	NULL, "show the accounts; change nothing"},
    {0, "json", OPTION_TAKES_NOTHING, ANY, option_set_flag, AT(report.json),
	NULL, "report as JSON on standard output"},
    {'v', "verbose", OPTION_TAKES_NOTHING, ANY, option_set_verbose, 0, NULL,
	"show the SMTP dialogue; -vv: more of its times"},
    {0, "to", OPTION_TAKES_WORD, SEND, option_compose, 0, "ADDRESS",
	"send to these recipients"},
    {0, "cc", OPTION_TAKES_WORD, SEND, option_compose, 0, "ADDRESS",
	"send copies to these"},
    {0, "bcc", OPTION_TAKES_WORD, SEND, option_compose, 0, "ADDRESS",
	"send copies that the others do not see"},
    {0, "reply-to", OPTION_TAKES_WORD, SEND, option_compose, 0, "ADDRESS",
	"ask for replies to these"},
    {'s', "subject", OPTION_TAKES_WORD, SEND, option_compose, 0, "TEXT",
	"set the subject"},
    {0, "body", OPTION_TAKES_WORD, SEND, option_compose, 0, "TEXT",
	"send this text instead of standard input"},
    {0, "edit", OPTION_TAKES_NOTHING, SEND, option_set_flag, AT(edit), NULL,
	"write the text in an editor"},
    {0, "draft", OPTION_TAKES_WORD, SEND, option_set_text, AT(draft), "FILE",
	"edit and send a draft that was kept"},
    {'A', "attach", OPTION_TAKES_WORD, SEND, option_compose, 0, "FILE",
	"attach a file"},
    {0, "html", OPTION_TAKES_WORD, SEND, option_compose, 0, "FILE",
	"add the text in HTML"},
    {0, "inline", OPTION_TAKES_WORD, SEND, option_compose, 0, "FILE",
	"add a file that the HTML shows as cid:FILE"},
    {0, "header", OPTION_TAKES_WORD, SEND, option_compose, 0, "FIELD:TEXT",
	"add a header field"},
    {0, "in-reply-to", OPTION_TAKES_WORD, SEND, option_compose, 0, "ID",
	"answer the message with this Message-ID"},
    {0, "device", OPTION_TAKES_NOTHING, "login", option_set_flag, AT(device),
	NULL, "sign in on another device, by a code"},
    {0, "paste", OPTION_TAKES_NOTHING, "login", option_set_flag, AT(paste),
	NULL, "use another computer's browser; paste its URL"},
    {0, "find", OPTION_TAKES_WORD, "providers", option_set_text, AT(find),
	"ADDRESS", "find the server of an address"},
    {0, "to", OPTION_TAKES_WORD, "check", option_set_text, AT(check_recipient),
	"ADDRESS", "ask whether this recipient is accepted"},
    {0, "all", OPTION_TAKES_NOTHING, "check", option_set_flag, AT(check_all),
	NULL, "test every account"},
    {0, "cron", OPTION_TAKES_NOTHING, "queue", option_set_flag, AT(queue_cron),
	NULL, "install: only print a line for a crontab"},
    {0, "remove", OPTION_TAKES_NOTHING, "queue", option_set_flag,
	AT(queue_remove), NULL, "install: remove the timer"},
    {0, "min-valid", OPTION_TAKES_WORD, "token", option_set_duration,
	AT(min_valid_ms), "TIME", "require a token valid at least this long"},
    {0, "help", OPTION_TAKES_NOTHING, ANY, option_enter_mode, OPTIONS_HELP,
	NULL, "show a summary, or the help of a command"},
    {0, "version", OPTION_TAKES_NOTHING, SENDING, option_enter_mode,
	OPTIONS_VERSION, NULL, "show the version"},

    {'b', NULL, OPTION_TAKES_WORD, SENDING, option_set_b, 0, NULL, NULL},
    {'o', NULL, OPTION_TAKES_WORD, SENDING, option_set_o, 0, NULL, NULL},
    {'e', NULL, OPTION_TAKES_REST, SENDING, option_set_error_mode, 0, NULL,
	NULL},
    {'q', NULL, OPTION_TAKES_REST, SENDING, option_enter_mode,
	OPTIONS_RUN_QUEUE, NULL, NULL},
    {'I', NULL, OPTION_TAKES_NOTHING, SENDING, option_enter_mode,
	OPTIONS_NEWALIASES, NULL, NULL},

    {'A', NULL, OPTION_TAKES_REST, SENDING, option_ignore, 0, NULL, NULL},
    {'d', NULL, OPTION_TAKES_REST, SENDING, option_ignore, 0, NULL, NULL},
    {'h', NULL, OPTION_TAKES_WORD, SENDING, option_ignore, 0, NULL, NULL},
    {'L', NULL, OPTION_TAKES_WORD, SENDING, option_ignore, 0, NULL, NULL},
    {'p', NULL, OPTION_TAKES_WORD, SENDING, option_ignore, 0, NULL, NULL},
    {'D', NULL, OPTION_TAKES_WORD, SENDING, option_ignore, 0, NULL, NULL},
    {'O', NULL, OPTION_TAKES_WORD, SENDING, option_ignore, 0, NULL, NULL},
    {'X', NULL, OPTION_TAKES_WORD, SENDING, option_ignore, 0, NULL, NULL},
    {'G', NULL, OPTION_TAKES_NOTHING, SENDING, option_ignore, 0, NULL, NULL},
    {'U', NULL, OPTION_TAKES_NOTHING, SENDING, option_ignore, 0, NULL, NULL},
    {'n', NULL, OPTION_TAKES_NOTHING, SENDING, option_ignore, 0, NULL, NULL},
    {'m', NULL, OPTION_TAKES_NOTHING, SENDING, option_ignore, 0, NULL, NULL},
    {'x', NULL, OPTION_TAKES_NOTHING, SENDING, option_ignore, 0, NULL, NULL},
    {'E', NULL, OPTION_TAKES_NOTHING, SENDING, option_ignore, 0, NULL, NULL},
    {'7', NULL, OPTION_TAKES_NOTHING, SENDING, option_ignore, 0, NULL, NULL},
    {'8', NULL, OPTION_TAKES_NOTHING, SENDING, option_ignore, 0, NULL, NULL},

    {'Q', NULL, OPTION_TAKES_REST, SENDING, option_refuse, 0, NULL, NULL},
    {'M', NULL, OPTION_TAKES_REST, SENDING, option_refuse, 0, NULL, NULL},
    {'s', NULL, OPTION_TAKES_REST, SENDING, option_refuse, 0, NULL, NULL},
    {'T', NULL, OPTION_TAKES_REST, SENDING, option_refuse, 0, NULL, NULL},
    {'u', NULL, OPTION_TAKES_REST, SENDING, option_refuse, 0, NULL, NULL},
    {'W', NULL, OPTION_TAKES_REST, SENDING, option_refuse, 0, NULL, NULL},
    {0, NULL, OPTION_TAKES_NOTHING, NULL, NULL, 0, NULL, NULL},
};

static int
option_set_flag(struct options *options, const struct option *option,
    const char *value, struct error *err)
{
	(void)value;
	(void)err;
	*(bool *)((char *)options + option->target) = true;
	return 0;
}

static int
option_set_verbose(struct options *options, const struct option *option,
    const char *value, struct error *err)
{
	(void)option;
	(void)value;
	(void)err;
	options->report.has_times = options->report.verbose;
	options->report.verbose = true;
	return 0;
}

static int
option_set_text(struct options *options, const struct option *option,
    const char *value, struct error *err)
{
	(void)err;
	*(const char **)((char *)options + option->target) = value;
	return 0;
}

static int
option_set_duration(struct options *options, const struct option *option,
    const char *value, struct error *err)
{
	char origin[32];

	snprintf(origin, sizeof origin, "--%s", option->name);
	return setting_duration_parse(value, origin,
	    (int64_t *)((char *)options + option->target), err);
}

static int
option_compose(struct options *options, const struct option *option,
    const char *value, struct error *err)
{
	char name[32];

	snprintf(name, sizeof name, "--%s", option->name);
	options->composes = true;
	return composition_add(&options->composition, name, value, err);
}

/* Parsed here only to report an error before a person types a message. */
static int
option_set_report(struct options *options, const struct option *option,
    const char *value, struct error *err)
{
	static const struct {
		char letter;
		char *(*parse)(const char *text, struct error *err);
	} parsers[] = {
	    {'N', dsn_notify},
	    {'R', dsn_return},
	    {'V', dsn_envelope_id},
	};

	for (size_t i = 0; i < sizeof parsers / sizeof *parsers; i++) {
		char *parsed;

		if (parsers[i].letter != option->letter)
			continue;
		parsed = parsers[i].parse(value, err);
		if (parsed == NULL)
			return -1;
		free(parsed);
	}
	return option_set_text(options, option, value, err);
}

static int
option_set_sender(struct options *options, const struct option *option,
    const char *value, struct error *err)
{
	if (options->sender != NULL)
		return error_set(err, ERROR_USAGE,
		    "-%c: the sender is already set", option->letter);
	options->sender = value;
	return 0;
}

static int
option_set_full_name(struct options *options, const struct option *option,
    const char *value, struct error *err)
{
	(void)option;
	return settings_set(&options->flags, SETTING_FULL_NAME, value, "-F",
	    err);
}

/* The message itself shows whether it has 8-bit bytes. */
static int
option_check_body_type(struct options *options, const struct option *option,
    const char *value, struct error *err)
{
	(void)options;
	(void)option;
	if (text_equals(value, "7BIT") || text_equals(value, "8BITMIME"))
		return 0;
	return error_set(err, ERROR_USAGE, "-B %s: must be 7BIT or 8BITMIME",
	    value);
}

static int
option_set_b(struct options *options, const struct option *option,
    const char *value, struct error *err)
{
	static const struct {
		char letter;
		enum options_mode mode;
	} modes[] = {
	    {'m', OPTIONS_SUBMIT},
	    {'s', OPTIONS_SERVE},
	    {'v', OPTIONS_VERIFY},
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
	    "-b%s: not supported: postrider does not run as a daemon", value);
}

/* Accepts -oi, -oitrue, -od and -oe with a mode; ignores all others. */
static int
option_set_o(struct options *options, const struct option *option,
    const char *value, struct error *err)
{
	if (text_is(value, strlen(value), "i") || text_equals(value, "itrue"))
		options->dot_is_text = true;
	if (value[0] == 'd')
		options->delivery_mode = value[1];
	if (value[0] == 'e')
		return option_set_error_mode(options, option, value + 1, err);
	return 0;
}

static int
option_set_error_mode(struct options *options, const struct option *option,
    const char *value, struct error *err)
{
	(void)option;
	if (*value == '\0' || strchr("mpqwe", *value) == NULL)
		return error_set(err, ERROR_USAGE,
		    "error mode %s: must be m, p, q, w or e", value);
	options->report.quiet = *value == 'q';
	return 0;
}

static int
option_enter_mode(struct options *options, const struct option *option,
    const char *value, struct error *err)
{
	(void)value;
	(void)err;
	options->mode = (enum options_mode)option->target;
	return 0;
}

static int
option_ignore(struct options *options, const struct option *option,
    const char *value, struct error *err)
{
	(void)options;
	(void)option;
	(void)value;
	(void)err;
	return 0;
}

static int
option_refuse(struct options *options, const struct option *option,
    const char *value, struct error *err)
{
	(void)options;
	(void)value;
	return error_set(err, ERROR_USAGE, "-%c: not supported",
	    option->letter);
}

/* SPDX-License-Identifier: MIT */
/*
 * Parses the command line of postrider-compose by a table.
 */
#include "compose/arguments.h"

#include <stdlib.h>
#include <string.h>

static const struct {
	const char *name;
	bool is_repeatable;
} rows[ARGUMENT_COUNT] = {
    [ARGUMENT_TO] = {"--to", true},
    [ARGUMENT_CC] = {"--cc", true},
    [ARGUMENT_REPLY_TO] = {"--reply-to", true},
    [ARGUMENT_SUBJECT] = {"--subject", false},
    [ARGUMENT_HEADER] = {"--header", true},
    [ARGUMENT_IN_REPLY_TO] = {"--in-reply-to", false},
    [ARGUMENT_BODY] = {"--body", false},
    [ARGUMENT_HTML] = {"--html", false},
    [ARGUMENT_INLINE] = {"--inline", true},
    [ARGUMENT_ATTACH] = {"--attach", true},
};

static int arguments_parse_word(struct arguments *arguments, char *const **word,
    struct error *err);
static int arguments_add(struct arguments *arguments, enum argument_id id,
    const char *value, struct error *err);

int
arguments_parse(struct arguments *arguments, int argc, char *const argv[],
    struct error *err)
{
	*arguments = (struct arguments){.help = false};
	for (size_t i = 0; i < ARGUMENT_COUNT; i++) {
		arguments->value[i] =
		    calloc((size_t)argc + 1, sizeof *arguments->value[i]);
		if (arguments->value[i] == NULL)
			return error_no_memory(err);
	}
	for (char *const *word = argv + 1; *word != NULL; word++) {
		if (arguments_parse_word(arguments, &word, err) == -1)
			return -1;
	}
	return 0;
}

void
arguments_done(struct arguments *arguments)
{
	for (size_t i = 0; i < ARGUMENT_COUNT; i++)
		free((void *)arguments->value[i]);
}

const char *
arguments_text(const struct arguments *arguments, enum argument_id id)
{
	return arguments->value[id][0];
}

const char *
argument_name(enum argument_id id)
{
	return rows[id].name;
}

void
arguments_print_usage(FILE *out)
{
	fputs("postrider-compose writes a message for postrider send.\n\n"
	      "Usage: postrider-compose [OPTION VALUE]... [< TEXT]\n"
	      "       postrider-compose --help|--version\n\n"
	      "Options:",
	    out);
	for (size_t i = 0; i < ARGUMENT_COUNT; i++)
		fprintf(out, " %s", rows[i].name);
	fputs("\nThe message without From, Date and Message-ID is written to "
	      "standard output:\npostrider-compose(1).\n",
	    out);
}

/* "--NAME VALUE" */
static int
arguments_parse_word(struct arguments *arguments, char *const **word,
    struct error *err)
{
	const char *name = **word;

	if (strcmp(name, "--help") == 0) {
		arguments->help = true;
		return 0;
	}
	if (strcmp(name, "--version") == 0) {
		arguments->version = true;
		return 0;
	}
	for (enum argument_id id = 0; id < ARGUMENT_COUNT; id++) {
		if (strcmp(rows[id].name, name) != 0)
			continue;
		if ((*word)[1] == NULL)
			return error_set(err, ERROR_USAGE, "%s needs a value",
			    name);
		(*word)++;
		return arguments_add(arguments, id, **word, err);
	}
	return error_set(err, ERROR_USAGE, "%s: no such option", name);
}

static int
arguments_add(struct arguments *arguments, enum argument_id id,
    const char *value, struct error *err)
{
	if (arguments->count[id] > 0 && !rows[id].is_repeatable)
		return error_set(err, ERROR_USAGE, "%s is given twice",
		    rows[id].name);
	arguments->value[id][arguments->count[id]++] = value;
	return 0;
}

/* SPDX-License-Identifier: MIT */
/*
 * What all commands begin and end with: finding the command, parsing its
 * command line, and reporting a failure.
 */
#include "cli/verbs.h"

#include <stdlib.h>
#include <string.h>

#include "cli/help.h"
#include "report/report.h"
#include "config/suggestion.h"

static int verb_act(const struct verb *verb, struct options *options,
    struct error *err);
static int parse_arguments(struct options *options, const struct verb *verb,
    int argc, char *const argv[], char **words, struct error *err);
static int take_words(struct options *options, const struct verb *verb,
    int argc, char *const argv[], char **words, size_t *count,
    struct error *err);
static int take_word(struct options *options, const struct verb *verb,
    char *word, char **words, size_t *count, struct error *err);

#define TO_SEND_ANYWAY \
	"to send to a local user of that name, use: postrider -- %s"

const struct verb *
verb_find(const char *name)
{
	for (const struct verb *verb = verbs; verb->name != NULL; verb++) {
		if (strcmp(verb->name, name) == 0)
			return verb;
	}
	return NULL;
}

/*
 * Programs pass options of sendmail and a message, and may write to a local
 * user "chuck". A person at a terminal, or a lone word, means a command.
 */
int
verb_check_recipients(const struct options *options, struct error *err)
{
	const struct verb *verb = verb_resembled(options);
	const char *word;

	if (options->argument_count == 0 || options->as_sendmail ||
	    options->has_dashes ||
	    (options->has_sending_option && !options->is_interactive))
		return 0;
	word = options->argument[0];
	if (verb == NULL ||
	    (options->argument_count > 1 && !options->is_interactive))
		return 0;
	error_set(err, ERROR_USAGE, "%s: %s", word,
	    strcmp(verb->name, word) == 0
		? "a command must be the first argument"
		: "unknown command");
	return error_hint(err, "did you mean \"postrider %s\"? " TO_SEND_ANYWAY,
	    verb->name, word);
}

const struct verb *
verb_resembled(const struct options *options)
{
	struct suggestion suggestion;

	if (options->argument_count == 0 || options->has_dashes ||
	    strchr(options->argument[0], '@') != NULL)
		return NULL;
	suggestion_init(&suggestion, options->argument[0]);
	for (const struct verb *verb = verbs; verb->name != NULL; verb++)
		suggestion_offer(&suggestion, verb->name);
	return suggestion.best != NULL ? verb_find(suggestion.best) : NULL;
}

int
verb_run(const struct verb *verb, int argc, char *const argv[])
{
	struct options options;
	struct report report;
	struct error err;
	int status = -1;
	char **words = calloc((size_t)argc + 1, sizeof *words);

	options_init(&options, verb->name);
	if (words == NULL)
		error_no_memory(&err);
	else if (parse_arguments(&options, verb, argc, argv, words, &err) == 0)
		status = verb_act(verb, &options, &err);
	if (status == -1) {
		report_init(&report, options.report);
		status = report_failure(&report, &err);
	}
	options_done(&options);
	free(words);
	return status;
}

static int
verb_act(const struct verb *verb, struct options *options, struct error *err)
{
	if (options->mode != OPTIONS_HELP)
		return verb->run(options, err);
	help_print_verb(verb);
	return 0;
}

/* words has room for all of argv. */
static int
parse_arguments(struct options *options, const struct verb *verb, int argc,
    char *const argv[], char **words, struct error *err)
{
	size_t count = 0;

	if (take_words(options, verb, argc, argv, words, &count, err) == -1)
		return -1;
	if (options->mode == OPTIONS_HELP)
		return 0;
	if (verb->takes == VERB_NEEDS_AN_ARGUMENT && count == 0) {
		error_set(err, ERROR_USAGE,
		    "%s: missing address or account name", verb->name);
		return error_hint(err,
		    "for example: postrider %s me@example.org", verb->name);
	}
	options->argument = words;
	options->argument_count = count;
	return 0;
}

/* Reads options and arguments in any order. */
static int
take_words(struct options *options, const struct verb *verb, int argc,
    char *const argv[], char **words, size_t *count, struct error *err)
{
	bool takes_many = verb->takes == VERB_TAKES_WORDS ||
	    verb->takes == VERB_TAKES_RECIPIENTS;

	do {
		if (options_parse(options, argc, argv, err) == -1)
			return -1;
		argc = (int)options->argument_count;
		argv = options->argument;
		if (options->mode == OPTIONS_HELP || argc == 0)
			return 0;
		if (verb->takes == VERB_TAKES_NOTHING ||
		    (*count > 0 && !takes_many))
			return error_set(err, ERROR_USAGE,
			    "%s: too many arguments: %s", verb->name, argv[0]);
		if (take_word(options, verb, argv[0], words, count, err) == -1)
			return -1;
	} while (argc > 1 && !(takes_many && options->has_dashes));
	/* After "--" nothing is an option. */
	for (int i = 1; takes_many && options->has_dashes && i < argc; i++) {
		if (take_word(options, verb, argv[i], words, count, err) == -1)
			return -1;
	}
	return 0;
}

/* Recipients keep their place among those that options name. */
static int
take_word(struct options *options, const struct verb *verb, char *word,
    char **words, size_t *count, struct error *err)
{
	if (verb->takes == VERB_TAKES_RECIPIENTS)
		return composition_add(&options->composition, COMPOSE_TO, word,
		    err);
	words[(*count)++] = word;
	return 0;
}

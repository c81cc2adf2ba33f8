/* SPDX-License-Identifier: MIT */
/*
 * A verb's command line is read by the same tables as a submission's; what only
 * a submission can use is refused.
 */
#include "cli/verb-options.h"

#include <string.h>

#include "cli/options.h"
#include "cli/report.h"

static int parse_piece(struct verb_options *options, const char *verb, int argc,
    char *const argv[], int *ret_used, struct error *err);
static int take_own(struct verb_options *options, const struct options *parsed,
    const char *verb, struct error *err);
static bool is_for_submissions(const struct options *options);

void
verb_options_init(struct verb_options *options)
{
	memset(options, 0, sizeof *options);
	settings_init(&options->flags);
}

void
verb_options_done(struct verb_options *options)
{
	settings_done(&options->flags);
}

int
verb_options_parse(struct verb_options *options, enum verb_takes takes,
    int argc, char *const argv[], struct error *err)
{
	const char *verb = argv[0];

	options->json = options_want_json(argc, argv);
	while (argc > 1) {
		int used;

		if (parse_piece(options, verb, argc, argv, &used, err) == -1)
			return -1;
		argc -= used;
		argv += used;
		if (argc <= 1)
			break;
		if (takes == VERB_TAKES_NOTHING || options->argument != NULL)
			return error_set(err, ERROR_USAGE,
			    "%s: one word too many: %s", verb, argv[1]);
		options->argument = argv[1];
		argc--;
		argv++;
	}
	if (takes == VERB_NEEDS_AN_ARGUMENT && options->argument == NULL) {
		error_set(err, ERROR_USAGE, "%s: for whom?", verb);
		return error_hint(err, "postrider %s you@example.org", verb);
	}
	return 0;
}

int
verb_failure(const struct verb_options *options, const struct error *err)
{
	const struct options as_options = {.json = options->json};
	struct report report;

	report_init(&report, &as_options);
	return report_failure(&report, err);
}

/* Reads options up to a word that is none; *ret_used of argv are done then. */
static int
parse_piece(struct verb_options *options, const char *verb, int argc,
    char *const argv[], int *ret_used, struct error *err)
{
	struct options parsed;
	int result = -1;

	options_init(&parsed);
	parsed.flags = options->flags;
	settings_init(&options->flags);
	if (options_parse(&parsed, "postrider", argc, argv, err) == -1)
		goto out;
	if (is_for_submissions(&parsed)) {
		error_set(err, ERROR_USAGE,
		    "%s takes --config, --json, --verbose and settings", verb);
		goto out;
	}
	if (take_own(options, &parsed, verb, err) == -1)
		goto out;
	options->verbose = options->verbose || parsed.verbose;
	if (parsed.config_path != NULL)
		options->config_path = parsed.config_path;
	*ret_used = (int)(parsed.argument - argv) - 1;
	result = 0;
out:
	options->flags = parsed.flags;
	return result;
}

/* What belongs to one verb alone. */
static int
take_own(struct verb_options *options, const struct options *parsed,
    const char *verb, struct error *err)
{
	if ((parsed->device || parsed->paste) && strcmp(verb, "login") != 0)
		return error_set(err, ERROR_USAGE,
		    "%s: --device and --paste are for login", verb);
	if (parsed->min_valid != NULL && strcmp(verb, "token") != 0)
		return error_set(err, ERROR_USAGE,
		    "%s: --min-valid is for token", verb);
	options->device = options->device || parsed->device;
	options->paste = options->paste || parsed->paste;
	if (options->device && options->paste)
		return error_set(err, ERROR_USAGE,
		    "%s: either --device or --paste", verb);
	if (parsed->min_valid == NULL)
		return 0;
	return setting_duration_parse(parsed->min_valid, "--min-valid",
	    &options->min_valid_ms, err);
}

static bool
is_for_submissions(const struct options *options)
{
	return options->mode != OPTIONS_SUBMIT || options->from_header ||
	    options->dot_is_text || options->dry_run ||
	    options->account != NULL || options->sender != NULL ||
	    options->notify != NULL || options->return_type != NULL ||
	    options->envelope_id != NULL;
}

/* SPDX-License-Identifier: MIT */
/*
 * The commands help and version.
 */
#include "cli/verbs.h"

#include <stdio.h>
#include <string.h>

#include "base/sandbox.h"
#include "cli/help.h"
#include "config/suggestion.h"

#define OPTIONS_TOPIC "options"

/* What configure left out. */
static const char missing_parts[] = ""
#ifndef HAVE_GSASL
				    "; without GNU SASL"
#endif
#ifndef HAVE_OAUTH2
				    "; without OAuth2"
#endif
#ifndef HAVE_LIBSECRET
				    "; without keyring"
#endif
#ifndef HAVE_COMPOSE
				    "; without send"
#endif
    ;

static int unknown_topic(const char *topic, struct error *err);

int
verb_help(struct options *options, struct error *err)
{
	const struct verb *verb;

	if (options->argument_count == 0) {
		help_print_summary();
		return 0;
	}
	if (strcmp(options->argument[0], OPTIONS_TOPIC) == 0) {
		help_print_options();
		return 0;
	}
	verb = verb_find(options->argument[0]);
	if (verb == NULL)
		return unknown_topic(options->argument[0], err);
	help_print_verb(verb);
	return 0;
}

int
verb_version(struct options *options, struct error *err)
{
	struct sandbox sandbox;
	char description[SANDBOX_TEXT_SIZE];

	(void)options;
	(void)err;
	sandbox_probe(&sandbox);
	sandbox_describe(&sandbox, description);
	printf("postrider " PACKAGE_VERSION " (sandbox: %s%s)\n", description,
	    missing_parts);
	return 0;
}

static int
unknown_topic(const char *topic, struct error *err)
{
	struct suggestion suggestion;

	suggestion_init(&suggestion, topic);
	for (const struct verb *verb = verbs; verb->name != NULL; verb++)
		suggestion_offer(&suggestion, verb->name);
	suggestion_offer(&suggestion, OPTIONS_TOPIC);
	error_set(err, ERROR_USAGE, "help: %s: no such command", topic);
	if (suggestion.best != NULL)
		return error_hint(err, "did you mean \"postrider help %s\"?",
		    suggestion.best);
	return error_hint(err, "run postrider help to list the commands");
}

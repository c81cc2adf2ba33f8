/* SPDX-License-Identifier: MIT */
#ifndef CLI_VERB_OPTIONS_H
#define CLI_VERB_OPTIONS_H

/*
 * The options that verbs share: which configuration, JSON or text, and the
 * settings. They may stand before or behind the verb's one argument.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "config/settings.h"

enum verb_takes {
	VERB_TAKES_NOTHING,
	VERB_TAKES_AN_ARGUMENT, /* one, which may be left out */
	VERB_NEEDS_AN_ARGUMENT
};

struct verb_options {
	bool json;
	bool verbose;
	bool device;             /* of login */
	bool paste;              /* of login */
	int64_t min_valid_ms;    /* of token; 0: not given */
	const char *config_path; /* borrowed from argv, or NULL */
	const char *argument;    /* the same */
	struct settings flags;
};

void verb_options_init(struct verb_options *options);
void verb_options_done(struct verb_options *options);

/* Reads the arguments of the verb argv[0]. ERROR_USAGE. */
int verb_options_parse(struct verb_options *options, enum verb_takes takes,
    int argc, char *const argv[], struct error *err);

/* Reports an error, as JSON too where that was asked for; returns the exit
 * status. */
int verb_failure(const struct verb_options *options, const struct error *err);

#endif

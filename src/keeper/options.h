/* SPDX-License-Identifier: MIT */
#ifndef KEEPER_OPTIONS_H
#define KEEPER_OPTIONS_H

/*
 * The command line of postrider-credential: which account, in the words that
 * postrider itself was given, and what is to be done. Never an endpoint: those
 * are looked up here, in the configuration and the registry.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "config/settings.h"

struct keeper_options {
	const char *operation;   /* borrowed from argv, as the next; or NULL */
	const char *config_path; /* or NULL */
	const char *account;     /* or NULL */
	bool is_new;             /* the account has no block yet */
	bool selects;            /* it is said which account is meant */
	bool device;
	bool paste;
	bool help;
	bool version;
	int64_t min_valid_ms; /* 0: the account's margin */
	struct settings flags;
};

/* ERROR_USAGE. keeper_options_done is due in any case. */
int keeper_options_parse(struct keeper_options *options, int argc,
    char *const argv[], struct error *err);

void keeper_options_done(struct keeper_options *options);

#endif

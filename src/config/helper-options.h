/* SPDX-License-Identifier: MIT */
#ifndef CONFIG_HELPER_OPTIONS_H
#define CONFIG_HELPER_OPTIONS_H

/*
 * The command line of the helper programs postrider-credential and
 * postrider-oauth2: an operation, and options that select the account. An
 * option never names an endpoint: each program looks those up in its own copy
 * of the configuration and the provider registry.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "config/account.h"
#include "config/config.h"
#include "config/settings.h"

struct helper_options {
	const char *operation;   /* borrowed from argv, as the next; or NULL */
	const char *config_path; /* or NULL */
	const char *account;     /* or NULL */
	bool is_new;             /* the account has no block yet */
	bool selects_account;    /* by name, as a new one, or by a setting */
	bool device;
	bool paste;
	bool well_known; /* of the two places of an autoconfig file */
	bool help;
	bool version;
	int64_t min_valid_ms; /* 0: the account's margin */
	struct settings flags;

	/* The words of argv that select the configuration and the account,
	 * borrowed, NULL-terminated. */
	char **selection;
	size_t selection_count;
};

/* Parses argv. ERROR_USAGE. Call helper_options_done even on failure. */
int helper_options_parse(struct helper_options *options, int argc,
    char *const argv[], struct error *err);

void helper_options_done(struct helper_options *options);

/*
 * Resolves the account that the options select; the caller frees it with
 * account_free. NULL on failure: ERROR_CONFIG if the account has no user to
 * sign in as, otherwise as account_resolve.
 */
struct account *helper_options_resolve(const struct helper_options *options,
    struct config *config, struct error *err);

/* Resolves an account of which only the address is known. It need have neither
 * a provider nor a user. */
struct account *
helper_options_resolve_address(const struct helper_options *options,
    struct config *config, struct error *err);

/* The grant of a sign-in: --device and --paste override the account's. */
const char *helper_options_grant(const struct helper_options *options,
    const struct account *account);

#endif

/* SPDX-License-Identifier: MIT */
#ifndef SUBMIT_ROUTE_H
#define SUBMIT_ROUTE_H

/*
 * The account that a message is sent through, resolved from a configuration and
 * checked.
 */

#include <stdbool.h>

#include "base/error.h"
#include "config/account.h"
#include "config/config.h"

struct route {
	struct config *config;
	struct account *account;
	/* The arguments that select the account for the helper programs. */
	char **selection;
	/* A block of the configuration, without settings of the command line.
	 */
	bool is_plain;
};

/* An empty route. */
void route_init(struct route *route);
void route_done(struct route *route);

/* Loads the configuration file config_path; NULL: the usual ones.
 * ERROR_CONFIG. */
int route_load(struct route *route, const char *config_path, struct error *err);

/*
 * Resolves the account that the query asks for and replaces the one before.
 * config_path is that of route_load. ERROR_CONFIG also if the account allows an
 * unknown mechanism; else as account_resolve.
 */
int route_resolve(struct route *route, const struct account_query *query,
    const char *config_path, struct error *err);

/*
 * Writes "account TITLE" if another account could have been used, so that an
 * error names it; else "". Returns out.
 */
const char *route_name_account(const struct route *route, char *out,
    size_t out_size);

#endif

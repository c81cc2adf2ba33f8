/* SPDX-License-Identifier: MIT */
#ifndef CLI_VERB_CONFIG_H
#define CLI_VERB_CONFIG_H

/* Shared by the subcommands of "postrider config". */

#include <stddef.h>

#include "base/error.h"
#include "cli/options.h"
#include "config/config.h"

/* One run of "postrider config": the words after the subcommand. */
struct config_command {
	const struct options *options;
	struct config *config; /* the file as it is; NULL for edit and path */
	const char *path;      /* of the file to change, which need not exist */
	char *const *word;
	size_t count;
};

/* For completions: the name and the purpose of a subcommand; NULL after the
 * last. */
const char *config_subcommand(size_t index, const char **ret_help);

/* Subcommands. Each returns the exit status, or -1 with an error. */
int config_list(struct config_command *command, struct error *err);
int config_edit(struct config_command *command, struct error *err);

/*
 * Prints a warning for the account of that name, or for each account if name is
 * NULL, that can't be used as it is now. No error: of several changes that
 * belong together, each may leave such an account. Makes no DNS request.
 */
void config_warn_accounts(const char *path, const char *name);

#endif

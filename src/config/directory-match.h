/* SPDX-License-Identifier: MIT */
#ifndef CONFIG_DIRECTORY_MATCH_H
#define CONFIG_DIRECTORY_MATCH_H

/* Finds the account block that the working directory belongs to. */

#include "base/error.h"
#include "config/config.h"

struct directory_match {
	const struct config_account *block; /* borrowed; NULL: none */
	char *directory; /* as the block writes it; the caller frees */
};

/*
 * Finds the block with the innermost directory that is or contains the working
 * directory; of several with the same directory, the first. Symbolic links are
 * resolved; a directory also contains what is reached through it, by a link
 * inside, if the shell's PWD says so. ERROR_SYSTEM.
 */
int directory_match_account(const struct config *config,
    struct directory_match *ret_match, struct error *err);

#endif

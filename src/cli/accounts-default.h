/* SPDX-License-Identifier: MIT */
#ifndef CLI_ACCOUNTS_DEFAULT_H
#define CLI_ACCOUNTS_DEFAULT_H

/* "postrider accounts default". */

#include "base/error.h"
#include "cli/options.h"
#include "config/config.h"

/*
 * Prints the name of the default account or, if the arguments after "default"
 * name an account, makes it the default. ERROR_USAGE; ERROR_CONFIG if there is
 * no such account or none is the default; otherwise as config_set.
 */
int accounts_default(const struct options *options, const struct config *config,
    struct error *err);

#endif

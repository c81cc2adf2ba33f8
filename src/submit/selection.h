/* SPDX-License-Identifier: MIT */
#ifndef SUBMIT_SELECTION_H
#define SUBMIT_SELECTION_H

/*
 * The arguments that select an account for postrider-credential, which reads
 * the configuration itself and must find the same account. None is secret.
 */

#include <stdbool.h>

#include "base/error.h"
#include "config/account.h"
#include "config/settings.h"

/*
 * Returns the arguments, for words_free, that select an account which was
 * resolved with the configuration file config_path (NULL: the usual ones) and
 * these flags; is_new as in account_query. NULL on failure.
 */
char **selection_compose(const struct account *account, const char *config_path,
    const struct settings *flags, bool is_new, struct error *err);

#endif

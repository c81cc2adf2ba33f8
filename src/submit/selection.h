/* SPDX-License-Identifier: MIT */
#ifndef SUBMIT_SELECTION_H
#define SUBMIT_SELECTION_H

/*
 * The arguments that select an account for postrider-credential, which reads
 * the configuration itself and must find the same account. None is secret.
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "config/account.h"
#include "config/settings.h"

struct selection {
	char **argument; /* NULL-ended; NULL before selection_compose */
	size_t count;
};

/* Makes an empty selection. */
void selection_init(struct selection *selection);
void selection_done(struct selection *selection);

/*
 * Composes the arguments for an account that was resolved with the
 * configuration file config_path (NULL: the usual ones) and these flags; is_new
 * as in account_query. Frees the arguments that selection had.
 */
int selection_compose(struct selection *selection,
    const struct account *account, const char *config_path,
    const struct settings *flags, bool is_new, struct error *err);

#endif

/* SPDX-License-Identifier: MIT */
#ifndef SUBMIT_SELECTION_H
#define SUBMIT_SELECTION_H

/*
 * How postrider-credential is told which account is meant: words by which it
 * finds the very same one in its own reading of the configuration. Nothing
 * secret is among them.
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "config/account.h"
#include "config/settings.h"

struct selection {
	char **word; /* NULL-ended; NULL before selection_compose */
	size_t count;
};

/* Harmless: no words. */
void selection_init(struct selection *selection);
void selection_done(struct selection *selection);

/*
 * The words for an account that was resolved with that configuration file
 * (NULL: the usual ones) and these flags; anew as in account_query. What was in
 * selection is freed.
 */
int selection_compose(struct selection *selection,
    const struct account *account, const char *config_path,
    const struct settings *flags, bool anew, struct error *err);

#endif

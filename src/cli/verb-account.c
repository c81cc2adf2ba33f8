/* SPDX-License-Identifier: MIT */
/*
 * From a word of the command line to an account and its selection.
 */
#include "cli/verb-account.h"

#include <stdlib.h>
#include <string.h>

#include "cli/params.h"
#include "config/owner.h"

void
verb_account_init(struct verb_account *about)
{
	*about = (struct verb_account){0};
	selection_init(&about->selection);
}

void
verb_account_done(struct verb_account *about)
{
	selection_done(&about->selection);
	account_free(about->account);
	config_free(about->config);
	verb_account_init(about);
}

int
verb_account_find(struct verb_account *about, const struct options *options,
    struct error *err)
{
	const char *name = options->argument_count > 0
	    ? options->argument[0]
	    : getenv("POSTRIDER_ACCOUNT");
	struct account_query query = {.name = name, .flags = &options->flags};

	about->config = config_load(options->config_path, err);
	if (about->config == NULL)
		return -1;
	if (name != NULL && strchr(name, '@') != NULL &&
	    config_find_account(about->config, name) == NULL) {
		query.name = NULL;
		query.sender = name;
		/* Not the default account's: that is somebody else. */
		query.anew =
		    owner_find(about->config, owner_first(name)) == NULL;
	}
	about->account = account_resolve(about->config, &query, err);
	if (about->account == NULL || params_check(about->account, err) == -1)
		return -1;
	return selection_compose(&about->selection, about->account,
	    options->config_path, &options->flags, query.anew, err);
}

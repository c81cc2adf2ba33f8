/* SPDX-License-Identifier: MIT */
/*
 * The table of verbs.
 */
#include "cli/verbs.h"

#include <string.h>

const struct verb verbs[] = {
    {"login", "ADDRESS|ACCOUNT", "ask for a password, try it and keep it",
	verb_login},
    {"accounts", NULL, "list the accounts of the configuration", verb_accounts},
    {"providers", "[NAME]", "list the mail providers that are known",
	verb_providers},
    {"help", NULL, "show this", verb_help},
    {"version", NULL, "show the version", verb_version},
    {NULL, NULL, NULL, NULL},
};

const struct verb *
verb_find(const char *name)
{
	for (const struct verb *verb = verbs; verb->name != NULL; verb++) {
		if (strcmp(verb->name, name) == 0)
			return verb;
	}
	return NULL;
}

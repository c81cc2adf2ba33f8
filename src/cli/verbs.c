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

/* Words that will be verbs: mail to a local user of that name isn't meant. */
static const char *const reserved[] = {"check", "logout", "queue", "send",
    "token"};

const struct verb *
verb_find(const char *name)
{
	for (const struct verb *verb = verbs; verb->name != NULL; verb++) {
		if (strcmp(verb->name, name) == 0)
			return verb;
	}
	return NULL;
}

bool
verb_is_reserved(const char *name)
{
	for (size_t i = 0; i < sizeof reserved / sizeof *reserved; i++) {
		if (strcmp(reserved[i], name) == 0)
			return true;
	}
	return false;
}

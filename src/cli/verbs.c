/* SPDX-License-Identifier: MIT */
/*
 * The table of verbs.
 */
#include "cli/verbs.h"

#include <string.h>

const struct verb verbs[] = {
    {"login", "ADDRESS|ACCOUNT", "sign in, and keep the password or token",
	verb_login},
    {"logout", "ADDRESS|ACCOUNT", "forget what login has kept", verb_logout},
    {"token", "[ADDRESS|ACCOUNT]", "print a valid access token (OAuth2)",
	verb_token},
    {"check", "[ADDRESS|ACCOUNT]", "try an account out, step by step",
	verb_check},
    {"accounts", NULL, "list the accounts of the configuration", verb_accounts},
    {"providers", "[NAME]", "list the mail providers that are known",
	verb_providers},
    {"help", NULL, "show this", verb_help},
    {"version", NULL, "show the version", verb_version},
    {NULL, NULL, NULL, NULL},
};

/* Words that will be verbs: mail to a local user of that name isn't meant. */
static const char *const reserved[] = {"queue", "send"};

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

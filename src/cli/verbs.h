/* SPDX-License-Identifier: MIT */
#ifndef CLI_VERBS_H
#define CLI_VERBS_H

/*
 * The verbs: "postrider VERB ...", as the first argument only. One file each,
 * which opens with its own options.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct verb {
	const char *name;
	const char *argument; /* its placeholder in help */
	const char *help;
	/* argv[0] is the verb; returns the exit status. */
	int (*run)(int argc, char *const argv[]);
};

/* The table, ended by a NULL name. */
extern const struct verb verbs[];

/* Finds a verb, or NULL. */
const struct verb *verb_find(const char *name);

/* Whether a verb of that name is planned and not there yet. */
bool verb_is_reserved(const char *name);

int verb_help(int argc, char *const argv[]);
int verb_version(int argc, char *const argv[]);
int verb_providers(int argc, char *const argv[]);
int verb_accounts(int argc, char *const argv[]);
int verb_login(int argc, char *const argv[]);
int verb_logout(int argc, char *const argv[]);
int verb_check(int argc, char *const argv[]);
int verb_token(int argc, char *const argv[]);

#endif

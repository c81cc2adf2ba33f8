/* SPDX-License-Identifier: MIT */
#ifndef CLI_LOGIN_H
#define CLI_LOGIN_H

/*
 * One login: what the verb and its two ways, by password and by OAuth2, share.
 */

#include <stdbool.h>

#include "base/error.h"
#include "base/secret.h"
#include "cli/options.h"
#include "submit/route.h"

struct login {
	struct options *options; /* borrowed; login adds settings */
	struct route route;
	const char *name;    /* of the account's block, or of the new one */
	char *written_to;    /* where the account was added, or NULL */
	bool is_new;         /* the configuration has no such account yet */
	bool is_interactive; /* standard input is a terminal */
};

enum login_way {
	LOGIN_BY_PASSWORD,
	LOGIN_BY_OAUTH2
};

void login_init(struct login *login, struct options *options);
void login_done(struct login *login);

/*
 * Loads the configuration and finds the account that is to be signed in to: a
 * block of that name or user, else a new one for an address whose provider can
 * be found. ERROR_USAGE, ERROR_CONFIG and account_resolve's.
 */
int login_find(struct login *login, struct error *err);

/* Resolves the account anew, after a flag was set. */
int login_resolve(struct login *login, struct error *err);

/*
 * Chooses how to sign in; a person is asked where both ways are open and
 * nothing was said. ERROR_CONFIG when what was asked for isn't possible.
 */
int login_choose_way(struct login *login, enum login_way *ret_way,
    struct error *err);

/* Signs in to the mail server for real, and says so; a refusal is explained. */
int login_try(const struct login *login, const struct secret *secret,
    struct error *err);

/* The two ways: afterwards the credential was tried and is kept. */
int login_by_password(struct login *login, struct error *err);
int login_by_oauth2(struct login *login, struct error *err);

/* Writes the account of a login that worked into the configuration. */
int login_write(struct login *login, struct error *err);

#endif

/* SPDX-License-Identifier: MIT */
#ifndef CLI_LOGIN_H
#define CLI_LOGIN_H

/*
 * One login: shared by the command and its methods, password and OAuth2.
 */

#include <stdbool.h>

#include "base/buf.h"
#include "base/error.h"
#include "base/secret.h"
#include "cli/options.h"
#include "submit/route.h"

struct login {
	struct options *options; /* borrowed; login adds settings */
	struct route route;
	const char *name;      /* of the account's block, or of the new one */
	char *written_to;      /* where the account was added, or NULL */
	char *kept_default;    /* what was made default-account then, or NULL */
	char *address;         /* that login_discover finds the server of */
	bool is_new;           /* the configuration has no such account yet */
	bool is_interactive;   /* standard input is a terminal */
	bool needs_no_secret;  /* as login_probe found */
	bool has_chosen_place; /* the options have the place of files */
	bool has_found_server; /* login_discover; it is in the options */
	bool has_shown_server; /* by a question about it */
	bool has_asked_method; /* which shows the help for the password */
	bool has_asked_client; /* and shown where it is registered */
};

enum login_method {
	LOGIN_BY_PASSWORD,
	LOGIN_BY_OAUTH2
};

void login_init(struct login *login, struct options *options);
void login_done(struct login *login);

/*
 * Loads the configuration and finds the account to sign in to: a block of that
 * name or user, else a new one for an address whose provider can be found.
 * ERROR_USAGE; else as route_resolve.
 */
int login_find(struct login *login, struct error *err);

/* Resolves the account again after a setting was added to the options. */
int login_resolve(struct login *login, struct error *err);

/*
 * For an account that lacks a server: finds that of its address by DNS and
 * autoconfig files, and asks the user to confirm it or to name another.
 * login-discover.c. ERROR_CONFIG if no server is found, named or confirmed;
 * ERROR_AUTH if a question was interrupted.
 */
int login_discover(struct login *login, struct error *err);

/* Asks for the server, and connects to it; three times. login-server.c. */
int login_ask_server(struct login *login, struct error *err);

/* Adds the server to the settings of the command line, unless they name one;
 * each text may be "". Resolves the account again. */
int login_set_server(struct login *login, const char *host, const char *port,
    const char *tls, const char *user, struct error *err);

/*
 * Shows the server and how it was found. If only an MX record names the
 * provider, asks the user to confirm it. ERROR_CONFIG; ERROR_AUTH if the
 * question was interrupted.
 */
int login_confirm(struct login *login, struct error *err);

/*
 * Chooses how to sign in; asks the user if both methods are possible and the
 * options name neither. ERROR_CONFIG if the method named is impossible.
 */
int login_choose_method(struct login *login, enum login_method *ret_method,
    struct error *err);

/*
 * Checks, before OAuth2 is used or the user is asked anything for it, that the
 * options agree with the account and that there is a client ID, or can be.
 */
int login_check_oauth2(const struct login *login, struct error *err);

/*
 * Finds out what can be found out without the secret: connects, sets up TLS,
 * chooses a mechanism, and tries whether the configuration can be written. Sets
 * login->needs_no_secret if the server accepted a sign-in without one. The
 * errors are attempt_open's and login_check_config's.
 */
int login_probe(struct login *login, struct error *err);

/* Asks for the client ID unless the account has one. ERROR_CONFIG without an
 * answer; ERROR_AUTH if the question was interrupted. */
int login_ask_client(struct login *login, struct error *err);

/* Signs in to the mail server and says so. The errors are attempt_open's. */
int login_try(const struct login *login, const struct secret *secret,
    struct error *err);

/* The two methods: on success the credential has worked and is stored. */
int login_by_password(struct login *login, struct error *err);
int login_by_oauth2(struct login *login, struct error *err);

/* Prints a line, wrapped, to standard output; not for JSON. */
void login_say(const struct login *login, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Adds a line to a question, wrapped likewise, the rest of it indented. */
int login_add_line(struct buf *question, size_t indent, struct error *err,
    const char *format, ...) __attribute__((format(printf, 4, 5)));

/* Adds the new account to the configuration. */
int login_write(struct login *login, struct error *err);

#endif

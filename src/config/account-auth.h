/* SPDX-License-Identifier: MIT */
#ifndef CONFIG_ACCOUNT_AUTH_H
#define CONFIG_ACCOUNT_AUTH_H

/* How an account signs in: by which SASL mechanisms, under which names. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The texts may be NULL. */
struct account_auth {
	char **mechanism;       /* the only ones allowed, best first */
	size_t mechanism_count; /* 0: choose */
	bool is_wanted;         /* auto or secure was said: somebody signs in */
	bool secure;            /* only those that never show the password */
	bool prefers_simple;    /* PLAIN before the strong ones */
	bool falls_back;        /* another may follow one that failed, unless
				   the password was refused */
	char *realm;
	char *ntlm_domain;
	char *target_name; /* "smtp@host" */

	char *command; /* of a mechanism of the user's: words, no shell */
	char *command_mechanism; /* its name */

	bool pop_first; /* POP before SMTP: sign in by POP3, not by AUTH */
	char *pop_host; /* NULL: the account's host */
	uint16_t pop_port;
	bool pop_starttls; /* else implicit TLS */
};

void account_auth_done(struct account_auth *auth);

/* Whether each mechanism that is named can do without a user's name. */
bool account_auth_is_nameless(const struct account_auth *auth);

#endif

/* SPDX-License-Identifier: MIT */
#ifndef CONFIG_ACCOUNT_H
#define CONFIG_ACCOUNT_H

/*
 * One resolved account: everything a submission needs to know of the
 * configuration. Nothing later asks the configuration again.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "config/config.h"
#include "config/provider.h"
#include "config/settings.h"

/* The elements of a setting that is a list. */
struct account_list {
	char **element;
	size_t count;
};

/*
 * text holds the value of each setting in its canonical form (settings.h),
 * NULL: none; list holds the elements of those that are lists. Values that
 * are not set are derived: host has its {region} replaced, port follows from
 * tls and tls from port, user from the address, from has the addresses first
 * and then the patterns, scope is the one for the grant, pop-host and pop-port
 * are always there. list[SETTING_AUTH] has mechanisms only, best first; it is
 * empty for "auto" and the other words that stand alone.
 */
struct account {
	char *name;                      /* of its block, or NULL */
	const struct provider *provider; /* borrowed from the config, or NULL */
	char *found_by;                  /* how: "sender address, host" */
	bool provider_from_dns; /* only an MX record names the provider */
	char *text[SETTING_COUNT];
	struct account_list list[SETTING_COUNT];
	bool uses_oauth2; /* the sign-in is by a bearer token */
};

struct account_query {
	const char *name;             /* -a, or NULL */
	const char *sender;           /* -f or the From header; or NULL */
	const struct settings *flags; /* from the command line */
	bool is_new;  /* the account is to be created: use no account block */
	bool offline; /* no MX is looked up */
};

/*
 * Finds the account: by name, by sender address, the default (config.h says
 * which), else by the domain of the user (or of the sender), else by that
 * domain's MX; then lays flags over environment over account over defaults over
 * provider. A null sender ("") tells nothing, as none does. The registry is
 * loaded when it is needed.
 *
 * Who wants to sign in is "user", else the account's address in the form that
 * the provider has; without provider and credential there is none. No user is
 * ever combined with tls = none. OAuth2 is wanted when auth says so, else when
 * client-id or grant is set or the provider knows no other way; auth is then
 * the provider's bearer mechanisms.
 *
 * ERROR_CONFIG says what is missing and the shortest way to set it; the MX
 * lookup adds ERROR_NO_HOST and ERROR_TEMPORARY. NULL on failure.
 */
struct account *account_resolve(struct config *config,
    const struct account_query *query, struct error *err);

/*
 * What "postrider login" calls the account: its name, else its address, else
 * its user; for one that doesn't sign in, its host. Borrowed.
 */
const char *account_label(const struct account *account);

/* The value of a setting that has one, by its type. */
unsigned account_number(const struct account *account, enum setting_id id);
int64_t account_duration_ms(const struct account *account, enum setting_id id);
bool account_bool(const struct account *account, enum setting_id id);

/* Whether a setting's text is that word, in any case. */
bool account_is(const struct account *account, enum setting_id id,
    const char *word);

/* The program of auth = command:PROGRAM, words without a shell; or NULL. */
const char *account_command(const struct account *account);

/* Whether auth is "auto" or "secure": sign in even without a user. */
bool account_wants_sign_in(const struct account *account);

/* Whether the sign-in is by POP3 before SMTP, not by AUTH. */
bool account_signs_in_by_pop(const struct account *account);

/* The domain of the first address, for recipients without one; or NULL. */
const char *account_mail_domain(const struct account *account);

/* Accepts NULL. */
void account_free(struct account *account);

#endif

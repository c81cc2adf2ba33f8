/* SPDX-License-Identifier: MIT */
#ifndef CONFIG_ACCOUNT_H
#define CONFIG_ACCOUNT_H

/* Finds the account for a message or command and resolves its settings: command
 * line, environment, account block, defaults and provider are merged, and
 * missing values derived. The configuration isn't needed afterwards. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "config/config.h"

struct account_list { /* of a list setting */
	char **element;
	size_t count;
};

/*
 * text contains the value of each setting in its canonical form (settings.h),
 * or NULL if there is none; list contains the elements of list settings. These
 * values are derived: {region} in host is replaced; port and tls default to
 * each other's usual value; user defaults to the address; from lists addresses
 * before patterns; scope is the one for the grant; pop-host and pop-port are
 * always set; local-recipient is the address, if at a built-in provider.
 * list[SETTING_AUTH] has only mechanisms, best first; it is empty for "auto",
 * "secure", "pop-before-smtp" and "command:...".
 */
struct account {
	char *name;      /* of the account block, or NULL */
	const char *own; /* "of the command line" or "of the environment": it
			    has no block; or NULL */
	const struct provider *provider; /* borrowed from the config, or NULL */
	char *found_by;         /* why it was chosen: "sender address, host" */
	bool provider_from_dns; /* only an MX record names the provider */
	bool lacks_server;      /* no provider is known; host isn't set */
	char *text[SETTING_COUNT];
	struct account_list list[SETTING_COUNT];
	bool uses_oauth2; /* it signs in with an access token */
};

struct account_query {
	const char *name;             /* -a, or NULL */
	const char *sender;           /* from -f or the From field, or NULL */
	const struct settings *flags; /* from the command line */
	bool sender_is_named;         /* the sender stands for a name */
	bool is_new;    /* ignore the account blocks: one will be created */
	bool offline;   /* don't look up MX records */
	bool may_queue; /* by default: look for queue-after at most */
	bool may_lack_server; /* an unknown provider is no error */
	/* Converts a domain for DNS (message/domain.h); or NULL. */
	char *(*to_ascii)(const char *domain, struct error *err);
};

/*
 * Selects the account block by name, by sender address, or as the default
 * (config_default_account). If there is no name, and host or provider is set in
 * flags or the environment, or a user that is no block's, no block is used: a
 * password must not get to another server. A block's user selects that block.
 *
 * Selects the provider by the setting, else, unless host is set, by the domain
 * of the user or sender, else by the MX of that domain, else none if
 * may_lack_server is set. Loads the registry if needed. Merges the settings:
 * flags override the environment, then account, defaults and provider.
 *
 * The user defaults to the account's address, in the form that the provider
 * uses; without provider and credential there is no user. A user together with
 * tls = none is refused. OAuth2 is used if auth contains a bearer mechanism;
 * if auth isn't set, when client-id or grant is set or the provider offers
 * nothing else, and auth is then the provider's bearer mechanisms.
 *
 * NULL on failure. ERROR_CONFIG: the message names what is missing, the hint
 * how to set it. ERROR_NO_HOST, ERROR_TEMPORARY: the MX lookup failed.
 */
struct account *account_resolve(struct config *config,
    const struct account_query *query, struct error *err);

/* The argument of "postrider login": name, else address, else user; the host if
 * it doesn't sign in. Borrowed. */
const char *account_label(const struct account *account);

/* For people: its name, "of the command line" or "of the environment"; the
 * provider, unless found_by names it. Either can be NULL. Borrowed. */
const char *account_title(const struct account *account);
const struct provider *account_found_provider(const struct account *account);

/* The value of a setting, which must be set. */
unsigned account_number(const struct account *account, enum setting_id id);
int64_t account_duration_ms(const struct account *account, enum setting_id id);
bool account_bool(const struct account *account, enum setting_id id);

/* Whether a setting is set to word. Case doesn't matter. */
bool account_is(const struct account *account, enum setting_id id,
    const char *word);

/* The command line in auth = command:..., or NULL; no shell splits it. */
const char *account_command(const struct account *account);

/* Whether auth is "auto" or "secure", which sign in even without a user. */
bool account_wants_sign_in(const struct account *account);

/* Whether it signs in by POP3 before the SMTP session instead of AUTH; whether
 * its server is a Unix socket, without TLS and sign-in. */
bool account_signs_in_by_pop(const struct account *account);
bool account_uses_socket(const struct account *account);

/* The first address in from, else a user that is one; or NULL. Borrowed. */
const char *account_address(const struct account *account);

/* The domain of the first address, for local recipients; or NULL. */
const char *account_mail_domain(const struct account *account);

/* Accepts NULL. */
void account_free(struct account *account);

#endif

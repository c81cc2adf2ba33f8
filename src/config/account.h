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
#include "config/account-auth.h"
#include "config/account-oauth2.h"
#include "config/config.h"
#include "config/provider.h"
#include "config/settings.h"

enum account_tls {
	ACCOUNT_TLS_STARTTLS,
	ACCOUNT_TLS_IMPLICIT,
	ACCOUNT_TLS_NONE
};

struct account {
	char *name;                      /* of its block, or NULL */
	const struct provider *provider; /* borrowed from the config, or NULL */
	char *how; /* how it was found: "sender address, host" */

	char *host;
	uint16_t port;
	enum account_tls tls;
	char *tls_trust_file; /* NULL: the system's */
	char *tls_crl_file;   /* or NULL */
	char **tls_fingerprint;
	size_t tls_fingerprint_count;
	char *tls_cert_file;
	char *tls_key_file;

	char *user;    /* NULL: don't sign in */
	char *mailbox; /* the shared one that user sends from, or NULL */
	char *authzid; /* or NULL */
	struct account_auth auth;
	char *credential;
	char *credential_helper;
	char *credential_folder;
	char *credential_encrypt;
	char *credential_decrypt;
	struct account_oauth2 oauth2;

	/* This account's addresses, the first is used; then its patterns. */
	char **from;
	size_t from_count;
	char *full_name;
	char *domain;      /* the EHLO name; NULL: choose */
	char *mail_domain; /* for recipients without one; or NULL */

	bool chunking;
	int64_t timeout_ms;  /* of the connection and of each command */
	int64_t deadline_ms; /* of everything, as a duration */
	unsigned tries;
	int64_t retry_delay_ms;

	char *aliases;
	char *local_recipient;
	bool extract_removes; /* extract-addresses = remove */
	char *log_file;
	bool syslog;
};

struct account_query {
	const char *name;             /* -a, or NULL */
	const char *sender;           /* -f or the From header; or NULL */
	const struct settings *flags; /* from the command line */
	bool anew;    /* no block is used: the account is to be made */
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
 * the provider has; without provider and credential nobody does. No user is
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

/* Accepts NULL. */
void account_free(struct account *account);

#endif

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

enum account_tls {
	ACCOUNT_TLS_STARTTLS,
	ACCOUNT_TLS_IMPLICIT,
	ACCOUNT_TLS_NONE
};

struct account {
	char *name;                /* of its block, or NULL */
	struct provider *provider; /* borrowed from the config, or NULL */
	const char *how;           /* how it was found, for --dry-run: static */

	char *host;
	uint16_t port;
	enum account_tls tls;
	char *tls_trust_file; /* NULL: the system's */
	char **tls_fingerprint;
	size_t tls_fingerprint_count;
	char *tls_cert_file;
	char *tls_key_file;

	char *user;    /* NULL: don't sign in */
	char *authzid; /* or NULL */
	char **auth;   /* mechanisms allowed, best first; count 0: choose */
	size_t auth_count;
	char *credential;
	char *credential_helper;

	char **from; /* addresses that are this account's; the first is used */
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
};

/*
 * Finds the account: by name, by sender address, the default, else by the
 * domain of the sender (or of user), else by that domain's MX; then lays flags
 * over environment over account over defaults over provider. ERROR_CONFIG says
 * what is missing and the shortest way to set it. NULL on failure.
 */
struct account *account_resolve(const struct config *config,
    const struct account_query *query, struct error *err);

void account_free(struct account *account);

#endif

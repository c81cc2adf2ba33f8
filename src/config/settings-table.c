/* SPDX-License-Identifier: MIT */
/*
 * The settings, one row each, and nothing else: a new one is an id in
 * settings.h, a row here, and a line in account-fill.c.
 */
#include "config/settings.h"

#include <assert.h>
#include <string.h>

#define ALONE (SETTING_IN_DEFAULTS | SETTING_IN_ACCOUNT)
#define ANYWHERE (ALONE | SETTING_IN_PROVIDER)

enum {
	DAY_MS = 24 * 60 * 60 * 1000
};

static const struct setting rows[SETTING_COUNT] = {
    /* Outside the blocks this word opens a provider block. */
    [SETTING_PROVIDER] = {.name = "provider",
	.argument = "NAME",
	.help = "the mail provider: see \"postrider providers\"",
	.where = SETTING_IN_ACCOUNT},
    [SETTING_HOST] = {.name = "host",
	.argument = "HOST",
	.help = "the submission server",
	.type = SETTING_HOST_NAME,
	.where = ANYWHERE},
    [SETTING_PORT] = {.name = "port",
	.argument = "PORT",
	.help = "its port (587, or 465 with implicit TLS)",
	.type = SETTING_NUMBER,
	.min = 1,
	.max = 65535,
	.where = ANYWHERE},
    [SETTING_TLS] = {.name = "tls",
	.argument = "MODE",
	.help = "starttls, implicit, or none (without sign-in)",
	.type = SETTING_CHOICE,
	.words = "starttls implicit none",
	.where = ANYWHERE},
    [SETTING_TLS_TRUST_FILE] = {.name = "tls-trust-file",
	.argument = "FILE",
	.help = "CA certificates to trust instead of the system's",
	.type = SETTING_PATH,
	.where = ANYWHERE},
    [SETTING_TLS_CRL_FILE] = {.name = "tls-crl-file",
	.argument = "FILE",
	.help = "certificates that were revoked",
	.type = SETTING_PATH,
	.where = ANYWHERE},
    [SETTING_TLS_FINGERPRINT] = {.name = "tls-fingerprint",
	.argument = "HEX,...",
	.help = "the only server certificates to accept (SHA-256)",
	.type = SETTING_LIST,
	.where = ANYWHERE},
    [SETTING_TLS_CERT_FILE] = {.name = "tls-cert-file",
	.argument = "FILE",
	.help = "client certificate",
	.type = SETTING_PATH,
	.where = ALONE},
    [SETTING_TLS_KEY_FILE] = {.name = "tls-key-file",
	.argument = "FILE",
	.help = "its private key",
	.type = SETTING_PATH,
	.where = ALONE},
    [SETTING_USER] = {.name = "user",
	.argument = "NAME",
	.help = "name to sign in with; empty: don't sign in",
	.where = ALONE},
    [SETTING_AUTHZID] = {.name = "authzid",
	.argument = "NAME",
	.help = "identity to act as, where it isn't the user's",
	.where = ALONE},
    [SETTING_AUTH] = {.name = "auth",
	.argument = "MECHANISM,...",
	.help = "sign-in mechanisms allowed, best first",
	.type = SETTING_LIST,
	.where = ANYWHERE},
    [SETTING_CREDENTIAL] = {.name = "credential",
	.argument = "SOURCE",
	.help = "keyring, env:X, file:X, systemd:X or command:X",
	.type = SETTING_SOURCE,
	.where = ALONE},
    [SETTING_CREDENTIAL_HELPER] = {.name = "credential-helper",
	.argument = "HELPER",
	.help = "a git credential helper in place of the keyring",
	.where = ALONE},
    [SETTING_FROM] = {.name = "from",
	.argument = "ADDRESS,...",
	.help = "the account's addresses; the first is used",
	.type = SETTING_ADDRESSES,
	.where = ALONE},
    [SETTING_FULL_NAME] = {.name = "full-name",
	.argument = "NAME",
	.help = "the name in a From field that is added",
	.where = ALONE},
    [SETTING_DOMAIN] = {.name = "domain",
	.argument = "NAME",
	.help = "how to name this computer to the server (EHLO)",
	.type = SETTING_HOST_NAME,
	.where = ANYWHERE},
    [SETTING_REGION] = {.name = "region",
	.argument = "REGION",
	.help = "the provider's data centre, where it has several",
	.type = SETTING_HOST_NAME,
	.where = ANYWHERE},
    [SETTING_CHUNKING] = {.name = "chunking",
	.argument = "yes|no",
	.help = "send by BDAT where the server can",
	.fallback = "yes",
	.type = SETTING_BOOL,
	.where = ANYWHERE},
    [SETTING_TIMEOUT] = {.name = "timeout",
	.argument = "TIME",
	.help = "for the connection and for each command",
	.fallback = "15s",
	.type = SETTING_DURATION,
	.min = 1,
	.max = DAY_MS,
	.where = ANYWHERE},
    [SETTING_RETRIES] = {.name = "retries",
	.argument = "COUNT",
	.help = "how often to try again; 0 is one try",
	.fallback = "2",
	.type = SETTING_NUMBER,
	.min = 0,
	.max = 1000,
	.where = ALONE},
    [SETTING_RETRY_DELAY] = {.name = "retry-delay",
	.argument = "TIME",
	.help = "before the second try; doubles from there",
	.fallback = "1s",
	.type = SETTING_DURATION,
	.max = DAY_MS,
	.where = ALONE},
    [SETTING_DEADLINE] = {.name = "deadline",
	.argument = "TIME",
	.help = "for everything, retries included",
	.fallback = "5m",
	.type = SETTING_DURATION,
	.min = 1,
	.max = 7UL * DAY_MS,
	.where = ALONE},
    [SETTING_ALIASES] = {.name = "aliases",
	.argument = "FILE",
	.help = "addresses of local recipients",
	.fallback = "/etc/aliases",
	.type = SETTING_PATH,
	.where = ALONE},
    [SETTING_LOCAL_RECIPIENT] = {.name = "local-recipient",
	.argument = "ADDRESS",
	.help = "who gets mail for root and other local names",
	.where = ALONE},
    [SETTING_EXTRACT_ADDRESSES] = {.name = "extract-addresses",
	.argument = "add|remove",
	.help = "what -t does with recipients on the command line",
	.fallback = "add",
	.type = SETTING_CHOICE,
	.words = "add remove",
	.where = ALONE},
    [SETTING_LOG_FILE] = {.name = "log-file",
	.argument = "FILE",
	.help = "a line for each message",
	.type = SETTING_PATH,
	.where = ALONE},
    [SETTING_SYSLOG] = {.name = "syslog",
	.argument = "yes|no",
	.help = "the same line to the system's log",
	.fallback = "no",
	.type = SETTING_BOOL,
	.where = ALONE},
};

const struct setting *
setting_row(enum setting_id id)
{
	assert(id < SETTING_COUNT);
	return &rows[id];
}

bool
setting_find(const char *name, enum setting_id *ret_id)
{
	for (unsigned i = 0; i < SETTING_COUNT; i++) {
		if (strcmp(rows[i].name, name) == 0) {
			*ret_id = (enum setting_id)i;
			return true;
		}
	}
	return false;
}

/* SPDX-License-Identifier: MIT */
#ifndef VAULT_KEYRING_H
#define VAULT_KEYRING_H

/*
 * The desktop's keyring: secrets kept by service, host and user. An item of
 * ours has these as attributes. For the service "smtp", passwords, those are
 * what msmtp looks for, so either program finds what the other stored; items of
 * other services, OAuth2's, are ours alone.
 *
 * Every call is bounded in time: KEYRING_LIMIT_MS, but KEYRING_PROMPT_LIMIT_MS
 * while the keyring asks a person on a display. A keyring that can't answer is
 * ERROR_KEYRING and the message says which of the reasons it was; a person who
 * declines is ERROR_AUTH.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/secret.h"

enum {
	KEYRING_LIMIT_MS = 10 * 1000, /* below the 15 s that postrider waits */
	KEYRING_PROMPT_LIMIT_MS = 120 * 1000
};

struct keyring_key {
	const char *service; /* "smtp", or one that is ours alone */
	const char *host;
	uint16_t port; /* prefers an item of git's with that port; or 0 */
	const char *user;
};

struct keyring;

/*
 * Connects to the keyring. on_prompt is called before a person is asked on a
 * display, which may take long; when it is NULL, nobody is, and what is locked
 * stays locked: ERROR_KEYRING. NULL on failure.
 */
struct keyring *keyring_open(void (*on_prompt)(void), struct error *err);

/* Accepts NULL. */
void keyring_close(struct keyring *keyring);

/*
 * Looks for an item of ours; for a password also one that msmtp would find,
 * then one of git's. A keyring that is locked is unlocked first if a person can
 * be asked. *ret_secret (the caller frees) is what the item holds, of a
 * password's only the first line, or NULL when there is no item.
 */
int keyring_find(struct keyring *keyring, const struct keyring_key *key,
    struct secret **ret_secret, struct error *err);

/* Keeps the secret in the default collection, in place of an earlier one of
 * ours for that key. */
int keyring_store(struct keyring *keyring, const struct keyring_key *key,
    const struct secret *secret, struct error *err);

/* Removes our item, if there is one. Never items of other programs. */
int keyring_erase(struct keyring *keyring, const struct keyring_key *key,
    struct error *err);

#endif

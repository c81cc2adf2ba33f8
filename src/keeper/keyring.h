/* SPDX-License-Identifier: MIT */
#ifndef KEEPER_KEYRING_H
#define KEEPER_KEYRING_H

/*
 * The desktop's keyring: passwords kept by host and user. An item of ours has
 * the attributes service "smtp", host and user, which are those that msmtp
 * looks for, so either program finds what the other stored.
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
	const char *host;
	uint16_t port; /* prefers an item of git's with that port; or 0 */
	const char *user;
};

struct keyring;

/*
 * Connects to the keyring. on_prompt is called before a person is asked on a
 * display, which may take long. NULL on failure.
 */
struct keyring *keyring_open(void (*on_prompt)(void), struct error *err);

/* Accepts NULL. */
void keyring_close(struct keyring *keyring);

/*
 * Looks for an item of ours, then one that msmtp would find, then one of git's.
 * A keyring that is locked is unlocked first if a person can be asked.
 * *ret_secret (the caller frees) is the item's first line, or NULL when there
 * is no item.
 */
int keyring_find(struct keyring *keyring, const struct keyring_key *key,
    struct secret **ret_secret, struct error *err);

/* Keeps the secret in the default collection, in place of an earlier one of
 * ours for that host and user. */
int keyring_store(struct keyring *keyring, const struct keyring_key *key,
    const struct secret *secret, struct error *err);

/* Removes our item, if there is one and, unless NULL, only is its secret. Never
 * items of other programs. */
int keyring_erase(struct keyring *keyring, const struct keyring_key *key,
    const struct secret *only, struct error *err);

#endif

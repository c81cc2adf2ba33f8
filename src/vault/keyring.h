/* SPDX-License-Identifier: MIT */
#ifndef VAULT_KEYRING_H
#define VAULT_KEYRING_H

/*
 * The desktop's keyring. postrider's items have the attributes service, host
 * and user. Those of a VAULT_PASSWORD are what msmtp searches for, so either
 * program finds the passwords that the other stored.
 *
 * Each call connects to the keyring anew. on_prompt is called before the
 * keyring prompts the user on a display, which can take minutes; NULL forbids
 * prompts, and a locked item is then ERROR_KEYRING.
 *
 * Every call has a time limit: KEYRING_LIMIT_MS, or KEYRING_PROMPT_LIMIT_MS
 * while the keyring prompts the user on a display. ERROR_KEYRING, with the
 * reason, when the keyring is not available; ERROR_AUTH when the user dismisses
 * the prompt.
 */

#include "base/error.h"
#include "base/secret.h"
#include "vault/vault.h"

enum {
	KEYRING_LIMIT_MS = 10 * 1000, /* less than the 15 s postrider waits */
	KEYRING_PROMPT_LIMIT_MS = 120 * 1000
};

/*
 * Finds postrider's own item; for a password else one that msmtp would find,
 * else one of git's, preferably for the port of the key. A locked item is
 * unlocked, if prompts are allowed. *ret_secret (the caller frees) is what the
 * item contains, of a password only the first line; NULL when there is no item.
 */
int keyring_find(void (*on_prompt)(void), const struct vault_key *key,
    struct secret **ret_secret, struct error *err);

/* Stores the secret in the default collection, replacing an earlier one of
 * postrider's for that key. */
int keyring_store(void (*on_prompt)(void), const struct vault_key *key,
    const struct secret *secret, struct error *err);

/* Unlocks or creates the default collection, as keyring_store does first. */
int keyring_unlock(void (*on_prompt)(void), struct error *err);

/* Removes postrider's item, if there is one. Items of other programs remain. */
int keyring_erase(void (*on_prompt)(void), const struct vault_key *key,
    struct error *err);

#endif

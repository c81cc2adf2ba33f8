/* SPDX-License-Identifier: MIT */
/*
 * Replaces the keyring in a build without libsecret: every call fails.
 */
#ifndef HAVE_LIBSECRET

#include "vault/keyring.h"

#include <stddef.h>

static int keyring_missing(struct error *err);

struct keyring *
keyring_open(void (*on_prompt)(void), struct error *err)
{
	(void)on_prompt;
	keyring_missing(err);
	return NULL;
}

void
keyring_close(struct keyring *keyring)
{
	(void)keyring;
}

int
keyring_find(struct keyring *keyring, const struct vault_key *key,
    struct secret **ret_secret, struct error *err)
{
	(void)keyring;
	(void)key;
	(void)ret_secret;
	return keyring_missing(err);
}

int
keyring_store(struct keyring *keyring, const struct vault_key *key,
    const struct secret *secret, struct error *err)
{
	(void)keyring;
	(void)key;
	(void)secret;
	return keyring_missing(err);
}

int
keyring_unlock(struct keyring *keyring, struct error *err)
{
	(void)keyring;
	return keyring_missing(err);
}

int
keyring_erase(struct keyring *keyring, const struct vault_key *key,
    struct error *err)
{
	(void)keyring;
	(void)key;
	return keyring_missing(err);
}

static int
keyring_missing(struct error *err)
{
	error_set(err, ERROR_KEYRING,
	    "postrider was built without support for the system keyring");
	return error_hint(err,
	    "set \"credential\" to env:NAME, file:PATH, systemd:NAME or "
	    "command:COMMAND, or set \"credential-helper\" or "
	    "\"credential-folder\"");
}

#endif

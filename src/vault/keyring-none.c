/* SPDX-License-Identifier: MIT */
/*
 * Replaces the keyring in a build without libsecret: every call fails.
 */
#ifndef HAVE_LIBSECRET

#include "vault/keyring.h"

static int keyring_missing(struct error *err);

int
keyring_find(void (*on_prompt)(void), const struct vault_key *key,
    struct secret **ret_secret, struct error *err)
{
	(void)on_prompt;
	(void)key;
	(void)ret_secret;
	return keyring_missing(err);
}

int
keyring_store(void (*on_prompt)(void), const struct vault_key *key,
    const struct secret *secret, struct error *err)
{
	(void)on_prompt;
	(void)key;
	(void)secret;
	return keyring_missing(err);
}

int
keyring_unlock(void (*on_prompt)(void), struct error *err)
{
	(void)on_prompt;
	return keyring_missing(err);
}

int
keyring_erase(void (*on_prompt)(void), const struct vault_key *key,
    struct error *err)
{
	(void)on_prompt;
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

/* SPDX-License-Identifier: MIT */
/*
 * The keyring of a build without libsecret: says so.
 */
#ifndef HAVE_LIBSECRET

#include "vault/keyring.h"

#include <stddef.h>

static int no_keyring(struct error *err);

struct keyring *
keyring_open(void (*on_prompt)(void), struct error *err)
{
	(void)on_prompt;
	no_keyring(err);
	return NULL;
}

void
keyring_close(struct keyring *keyring)
{
	(void)keyring;
}

int
keyring_find(struct keyring *keyring, const struct keyring_key *key,
    struct secret **ret_secret, struct error *err)
{
	(void)keyring;
	(void)key;
	(void)ret_secret;
	return no_keyring(err);
}

int
keyring_store(struct keyring *keyring, const struct keyring_key *key,
    const struct secret *secret, struct error *err)
{
	(void)keyring;
	(void)key;
	(void)secret;
	return no_keyring(err);
}

int
keyring_erase(struct keyring *keyring, const struct keyring_key *key,
    struct error *err)
{
	(void)keyring;
	(void)key;
	return no_keyring(err);
}

static int
no_keyring(struct error *err)
{
	error_set(err, ERROR_KEYRING,
	    "postrider was built without the system keyring");
	return error_hint(err,
	    "set \"credential\" to env:NAME, file:PATH, systemd:NAME or "
	    "command:COMMAND, or set \"credential-helper\"");
}

#endif

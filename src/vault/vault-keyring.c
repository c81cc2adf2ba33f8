/* SPDX-License-Identifier: MIT */
/*
 * Entries in the keyring. Each call connects anew: between two of them a token
 * may have been renewed over a slow line, which the keyring's time limit must
 * not count.
 */
#include <string.h>

#include "vault/keyring.h"
#include "vault/vault-place.h"

static struct keyring_key keyring_key(const struct vault_key *key);
static bool is_password(const struct vault_key *key);
static int take(const struct vault_key *key, struct secret *text,
    struct credential_message *entry, struct error *err);
static int store_text(const struct vault *vault, const struct vault_key *key,
    const struct secret *text, struct error *err);

static int
load(const struct vault *vault, const struct vault_key *key,
    struct credential_message *ret_entry, struct error *err)
{
	struct keyring *keyring = keyring_open(vault->place.on_prompt, err);
	struct keyring_key wanted = keyring_key(key);
	struct secret *text = NULL;
	int result = -1;

	if (keyring != NULL)
		result = keyring_find(keyring, &wanted, &text, err);
	keyring_close(keyring);
	if (result == 0 && text != NULL)
		return take(key, text, ret_entry, err);
	return result;
}

static int
store(const struct vault *vault, const struct vault_key *key,
    const struct credential_message *entry, struct error *err)
{
	struct secret *text;
	int result = -1;

	if (is_password(key))
		return store_text(vault, key, entry->password, err);
	text = secret_new(err);
	if (text == NULL)
		return -1;
	if (vault_compose(entry, text, err) == 0)
		result = store_text(vault, key, text, err);
	secret_free(text);
	return result;
}

static int
erase(const struct vault *vault, const struct vault_key *key, struct error *err)
{
	struct keyring *keyring = keyring_open(vault->place.on_prompt, err);
	struct keyring_key meant = keyring_key(key);
	int result = -1;

	if (keyring != NULL)
		result = keyring_erase(keyring, &meant, err);
	keyring_close(keyring);
	return result;
}

const struct vault_backend vault_keyring = {load, store, erase, NULL};

static struct keyring_key
keyring_key(const struct vault_key *key)
{
	return (struct keyring_key){.service = key->service,
	    .host = key->host,
	    .port = key->port,
	    .user = key->user};
}

static bool
is_password(const struct vault_key *key)
{
	return strcmp(key->service, VAULT_PASSWORD) == 0;
}

/* Takes the text, even on failure. */
static int
take(const struct vault_key *key, struct secret *text,
    struct credential_message *entry, struct error *err)
{
	int result;

	if (is_password(key)) {
		entry->password = text;
		return 0;
	}
	result = credential_message_parse(entry, text, err);
	secret_free(text);
	if (result == 0 || err->code != ERROR_DATA)
		return result;
	return error_set(err, ERROR_DATA,
	    "the keyring's item for %s at %s is damaged", key->user, key->host);
}

static int
store_text(const struct vault *vault, const struct vault_key *key,
    const struct secret *text, struct error *err)
{
	struct keyring *keyring = keyring_open(vault->place.on_prompt, err);
	struct keyring_key meant = keyring_key(key);
	int result = -1;

	if (keyring != NULL)
		result = keyring_store(keyring, &meant, text, err);
	keyring_close(keyring);
	return result;
}

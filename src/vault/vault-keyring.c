/* SPDX-License-Identifier: MIT */
/*
 * Stores entries in the keyring. Each call connects anew: between two of them a
 * token may be renewed over a slow link, and that time must not count towards
 * the keyring's time limit.
 */
#include "vault/keyring.h"
#include "vault/vault-place.h"

static int parse_item(const struct vault_key *key, struct secret *text,
    struct credential_message *entry, struct error *err);

static int
keyring_entry_load(const struct vault *vault, const struct vault_key *key,
    struct credential_message *ret_entry, struct error *err)
{
	struct secret *text = NULL;

	if (keyring_find(vault->place.on_prompt, key, &text, err) == -1)
		return -1;
	return text != NULL ? parse_item(key, text, ret_entry, err) : 0;
}

static int
keyring_entry_store(const struct vault *vault, const struct vault_key *key,
    const struct credential_message *entry, struct error *err)
{
	struct secret *text;
	int result = -1;

	if (vault_key_is_password(key))
		return keyring_store(vault->place.on_prompt, key,
		    entry->password, err);
	text = secret_new(err);
	if (text == NULL)
		return -1;
	if (vault_format(entry, text, err) == 0)
		result = keyring_store(vault->place.on_prompt, key, text, err);
	secret_free(text);
	return result;
}

static int
keyring_entry_erase(const struct vault *vault, const struct vault_key *key,
    struct error *err)
{
	return keyring_erase(vault->place.on_prompt, key, err);
}

static int
keyring_entry_try(const struct vault *vault, const struct vault_key *key,
    struct error *err)
{
	(void)key;
	return keyring_unlock(vault->place.on_prompt, err);
}

const struct vault_backend vault_keyring = {keyring_entry_load,
    keyring_entry_store, keyring_entry_erase, NULL, keyring_entry_try};

/* Consumes the text, even on failure. */
static int
parse_item(const struct vault_key *key, struct secret *text,
    struct credential_message *entry, struct error *err)
{
	int result;

	if (vault_key_is_password(key)) {
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

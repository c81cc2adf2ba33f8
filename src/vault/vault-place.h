/* SPDX-License-Identifier: MIT */
#ifndef VAULT_VAULT_PLACE_H
#define VAULT_VAULT_PLACE_H

/*
 * The three places behind vault/vault.h; for vault*.c only.
 */

#include "base/secret.h"
#include "vault/vault.h"

/* The contracts are those of vault/vault.h; ret_entry is initialised, and
 * check may be NULL. */
struct vault_backend {
	int (*load)(const struct vault *vault, const struct vault_key *key,
	    struct credential_message *ret_entry, struct error *err);
	int (*store)(const struct vault *vault, const struct vault_key *key,
	    const struct credential_message *entry, struct error *err);
	int (*erase)(const struct vault *vault, const struct vault_key *key,
	    struct error *err);
	int (*check)(const struct vault *vault, struct error *err);
};

struct vault {
	const struct vault_backend *backend;
	struct vault_place place;
	char *name;
};

enum {
	VAULT_HASH_SIZE = 65 /* hex digits and a NUL */
};

extern const struct vault_backend vault_keyring;
extern const struct vault_backend vault_helper;
extern const struct vault_backend vault_folder;

/* The entry as the text of an item or a file; the key's values are left out,
 * and the password, if any, comes first. */
int vault_compose(const struct credential_message *entry, struct secret *text,
    struct error *err);

/* Names the key in few letters that are safe anywhere. */
int vault_hash(const struct vault_key *key, char out[VAULT_HASH_SIZE],
    struct error *err);

/* Makes the folder that is missing, private; refuses one that is not
 * (ERROR_CONFIG). */
int vault_folder_make(const char *folder, struct error *err);

#endif

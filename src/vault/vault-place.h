/* SPDX-License-Identifier: MIT */
#ifndef VAULT_VAULT_PLACE_H
#define VAULT_VAULT_PLACE_H

/*
 * The places where entries can be stored, as vault/vault.h sees them. For
 * this layer only.
 */

#include <stdbool.h>

#include "base/secret.h"
#include "vault/vault.h"

/* The contracts are those of vault/vault.h. ret_entry is initialised; check may
 * be NULL. */
struct vault_backend {
	int (*load)(const struct vault *vault, const struct vault_key *key,
	    struct credential_message *ret_entry, struct error *err);
	int (*store)(const struct vault *vault, const struct vault_key *key,
	    const struct credential_message *entry, struct error *err);
	int (*erase)(const struct vault *vault, const struct vault_key *key,
	    struct error *err);
	int (*check)(const struct vault *vault, struct error *err);
	int (*try)(const struct vault *vault, const struct vault_key *key,
	    struct error *err);
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
extern const struct vault_backend vault_directory;

bool vault_key_is_password(const struct vault_key *key);

/* Formats an entry as the text of an item or a file: without the values of its
 * key, and with the password, if any, in the first line. */
int vault_format(const struct credential_message *entry, struct secret *text,
    struct error *err);

/* Writes a hash of the key: a short name without special characters. */
int vault_hash(const struct vault_key *key, char out[VAULT_HASH_SIZE],
    struct error *err);

/* Creates the directory, private, unless it exists. ERROR_CONFIG when it is
 * open to others. */
int vault_directory_make(const char *directory, struct error *err);

/* For vault_directory's try: whether the second command of the place decrypts
 * what the first encrypts. ERROR_CONFIG. */
int vault_trial_commands(const struct vault_place *place, struct error *err);

#endif

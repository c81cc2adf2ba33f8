/* SPDX-License-Identifier: MIT */
/*
 * Chooses where entries are stored, and has what all places share: the text of
 * an entry, and the locks.
 */
#include "vault/vault.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/paths.h"
#include "base/text.h"
#include "credential/git-helper.h"
#include "vault/vault-place.h"

static char *vault_make_name(const struct vault_place *place,
    struct error *err);
static int vault_lock_in_home(const struct vault_key *key, bool is_fallback,
    int64_t deadline_ms, struct error *err);
static int vault_lock_in(const char *directory, const struct vault_key *key,
    int64_t deadline_ms, struct error *err);

struct vault *
vault_open(const struct vault_place *place, struct error *err)
{
	struct vault *vault = calloc(1, sizeof *vault);

	if (vault == NULL) {
		error_no_memory(err);
		return NULL;
	}
	vault->place = *place;
	if (place->helper != NULL)
		vault->backend = &vault_helper;
	else if (place->directory != NULL)
		vault->backend = &vault_directory;
	else
		vault->backend = &vault_keyring;
	vault->name = vault_make_name(place, err);
	if (vault->name != NULL)
		return vault;
	vault_close(vault);
	return NULL;
}

void
vault_close(struct vault *vault)
{
	if (vault == NULL)
		return;
	free(vault->name);
	free(vault);
}

int
vault_check(const struct vault *vault, struct error *err)
{
	return vault->backend->check == NULL
	    ? 0
	    : vault->backend->check(vault, err);
}

int
vault_try(const struct vault *vault, const struct vault_key *key,
    struct error *err)
{
	return vault->backend->try(vault, key, err);
}

int
vault_load(struct vault *vault, const struct vault_key *key,
    struct credential_message *ret_entry, struct error *err)
{
	struct credential_message entry;

	credential_message_init(&entry);
	if (vault->backend->load(vault, key, &entry, err) == -1) {
		credential_message_done(&entry);
		return -1;
	}
	*ret_entry = entry;
	return 0;
}

int
vault_store(struct vault *vault, const struct vault_key *key,
    const struct credential_message *entry, struct error *err)
{
	struct credential_message only_password = {.password = entry->password};

	if (vault_key_is_password(key)) {
		assert(entry->password != NULL);
		entry = &only_password;
	}
	return vault->backend->store(vault, key, entry, err);
}

int
vault_erase(struct vault *vault, const struct vault_key *key, struct error *err)
{
	return vault->backend->erase(vault, key, err);
}

const char *
vault_name(const struct vault *vault)
{
	return vault->name;
}

bool
vault_is_keyring(const struct vault *vault)
{
	return vault->backend == &vault_keyring;
}

int
vault_lock(const struct vault *vault, const struct vault_key *key,
    int64_t deadline_ms, struct error *err)
{
	int fd;

	if (vault->backend == &vault_directory)
		return vault_lock_in(vault->place.directory, key, deadline_ms,
		    err);
	fd = vault_lock_in_home(key, false, deadline_ms, err);
	if (fd == -1 && err->code != ERROR_TEMPORARY)
		fd = vault_lock_in_home(key, true, deadline_ms, err);
	return fd;
}

bool
vault_key_is_password(const struct vault_key *key)
{
	return strcmp(key->service, VAULT_PASSWORD) == 0;
}

int
vault_format(const struct credential_message *entry, struct secret *text,
    struct error *err)
{
	struct credential_message keyless = *entry;

	keyless.value[CREDENTIAL_PROTOCOL] = NULL;
	keyless.value[CREDENTIAL_HOST] = NULL;
	keyless.value[CREDENTIAL_USERNAME] = NULL;
	return credential_message_format(&keyless, text, err);
}

static char *
vault_make_name(const struct vault_place *place, struct error *err)
{
	char helper[GIT_HELPER_NAME_SIZE];

	if (place->helper != NULL) {
		git_helper_name(place->helper, helper);
		return text_format(err, "%s", helper);
	}
	if (place->directory != NULL)
		return text_format(err, "the directory %s", place->directory);
	return text_format(err, "the keyring");
}

static int
vault_lock_in_home(const struct vault_key *key, bool is_fallback,
    int64_t deadline_ms, struct error *err)
{
	char *directory = paths_locks(is_fallback, err);
	int fd = -1;

	if (directory != NULL)
		fd = vault_lock_in(directory, key, deadline_ms, err);
	free(directory);
	return fd;
}

static int
vault_lock_in(const char *directory, const struct vault_key *key,
    int64_t deadline_ms, struct error *err)
{
	char name[VAULT_HASH_SIZE];
	char *path = NULL;
	int fd = -1;

	if (vault_hash(key, name, err) == 0 &&
	    vault_directory_make(directory, err) == 0)
		path = text_format(err, "%s/%s", directory, name);
	if (path != NULL)
		fd = file_lock(path, deadline_ms, err);
	if (fd == -1 && err->code == ERROR_TEMPORARY)
		error_set(err, ERROR_TEMPORARY,
		    "another process is still signing in as %s at %s",
		    key->user, key->host);
	free(path);
	return fd;
}

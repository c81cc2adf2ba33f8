/* SPDX-License-Identifier: MIT */
/*
 * Chooses the place, and has what all places share: how an entry becomes a
 * text, and the locks. Doesn't know keyrings, helpers or files.
 */
#include "vault/vault.h"

#include <assert.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/paths.h"
#include "credential/git-helper.h"
#include "vault/vault-place.h"

static int set_name(struct vault *vault, struct error *err);
static int lock_path(const struct vault *vault, const struct vault_key *key,
    struct buf *path, struct error *err);
static int lock_folder(const struct vault *vault, struct buf *path,
    struct error *err);

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
	else if (place->folder != NULL)
		vault->backend = &vault_folder;
	else
		vault->backend = &vault_keyring;
	if (set_name(vault, err) == 0)
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

	if (strcmp(key->service, VAULT_PASSWORD) == 0) {
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

int
vault_lock(const struct vault *vault, const struct vault_key *key,
    int64_t deadline_ms, struct error *err)
{
	struct buf path;
	int fd = -1;

	buf_init(&path, PATH_MAX);
	if (lock_path(vault, key, &path, err) == 0)
		fd = file_lock(path.data, deadline_ms, err);
	if (fd == -1 && err->code == ERROR_TEMPORARY)
		error_set(err, ERROR_TEMPORARY,
		    "another process is still busy with the sign-in of %s at "
		    "%s",
		    key->user, key->host);
	buf_done(&path);
	return fd;
}

int
vault_compose(const struct credential_message *entry, struct secret *text,
    struct error *err)
{
	struct credential_message shown = *entry;

	shown.value[CREDENTIAL_PROTOCOL] = NULL;
	shown.value[CREDENTIAL_HOST] = NULL;
	shown.value[CREDENTIAL_USERNAME] = NULL;
	return credential_message_format(&shown, text, err);
}

static int
set_name(struct vault *vault, struct error *err)
{
	const struct vault_place *place = &vault->place;
	char helper[GIT_HELPER_NAME_SIZE];
	struct buf name;
	int result;

	buf_init(&name, PATH_MAX + GIT_HELPER_NAME_SIZE);
	if (place->helper != NULL) {
		git_helper_name(place->helper, helper);
		result = buf_add_text(&name, helper, err);
	} else if (place->folder != NULL) {
		result = buf_addf(&name, err, "the folder %s", place->folder);
	} else {
		result = buf_add_text(&name, "the keyring", err);
	}
	if (result == 0)
		vault->name = buf_take(&name);
	buf_done(&name);
	return result;
}

static int
lock_path(const struct vault *vault, const struct vault_key *key,
    struct buf *path, struct error *err)
{
	char name[VAULT_HASH_SIZE];

	if (vault_hash(key, name, err) == -1 ||
	    lock_folder(vault, path, err) == -1 ||
	    vault_folder_make(path->data, err) == -1)
		return -1;
	return buf_addf(path, err, "/%s", name);
}

static int
lock_folder(const struct vault *vault, struct buf *path, struct error *err)
{
	char *locks;
	int result;

	if (vault->backend == &vault_folder)
		return buf_add_text(path, vault->place.folder, err);
	locks = paths_locks(err);
	if (locks == NULL)
		return -1;
	result = buf_add_text(path, locks, err);
	free(locks);
	return result;
}

/* SPDX-License-Identifier: MIT */
#ifndef UNIT_ENTRY_H
#define UNIT_ENTRY_H

/*
 * Creates the entries of a vault, stores them, and compares them with what is
 * loaded. The test has a directory of its own, which is HOME and the working
 * directory.
 */
#include <fcntl.h>
#include <limits.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "vault/vault.h"

enum {
	ENOUGH_MS = 20 * 1000,
	SHORT_MS = 200
};

static char directory[] = "/tmp/test-vault.XXXXXX";

static const struct vault_key tokens = {.service = VAULT_TOKENS,
    .host = "smtp.example.test",
    .port = 587,
    .user = "alice@example.test"};
static const struct vault_key password = {.service = VAULT_PASSWORD,
    .host = "smtp.example.test",
    .port = 587,
    .user = "alice@example.test"};
static const struct vault_key client = {.service = VAULT_CLIENT,
    .host = "login.example.test",
    .user = "the-app"};

static inline void
set_secret(struct secret **at, const char *text)
{
	struct error err;

	*at = secret_new(&err);
	assert_non_null(*at);
	assert_int_equal(secret_add(*at, text, strlen(text), &err), 0);
}

/* The caller ends it with credential_message_done. */
static inline struct credential_message
entry_of(const char *access, const char *refresh)
{
	struct credential_message entry;
	struct error err;

	credential_message_init(&entry);
	set_secret(&entry.password, access);
	if (refresh == NULL)
		return entry;
	set_secret(&entry.refresh_token, refresh);
	assert_int_equal(credential_message_set(&entry,
			     CREDENTIAL_PASSWORD_EXPIRY, "1795305600", &err),
	    0);
	assert_int_equal(credential_message_set(&entry, CREDENTIAL_CLIENT_ID,
			     "the-app", &err),
	    0);
	return entry;
}

static inline int
try_store(struct vault *vault, const struct vault_key *key, const char *access,
    const char *refresh, struct error *err)
{
	struct credential_message entry = entry_of(access, refresh);
	int result = vault_store(vault, key, &entry, err);

	credential_message_done(&entry);
	return result;
}

static inline void
store(struct vault *vault, const struct vault_key *key, const char *access,
    const char *refresh)
{
	struct error err;

	if (try_store(vault, key, access, refresh, &err) == -1)
		fail_msg("%s", err.message);
}

static inline void
assert_secret(const struct secret *secret, const char *wanted)
{
	if (wanted == NULL) {
		assert_null(secret);
		return;
	}
	assert_non_null(secret);
	assert_string_equal(secret_bytes(secret), wanted);
}

/* NULL: there is none. */
static inline void
assert_kept(struct vault *vault, const struct vault_key *key,
    const char *access, const char *refresh)
{
	struct credential_message entry;
	struct error err;

	if (vault_load(vault, key, &entry, &err) == -1)
		fail_msg("%s", err.message);
	assert_secret(entry.password, access);
	assert_secret(entry.refresh_token, refresh);
	if (refresh != NULL) {
		assert_string_equal(entry.value[CREDENTIAL_PASSWORD_EXPIRY],
		    "1795305600");
		assert_string_equal(entry.value[CREDENTIAL_CLIENT_ID],
		    "the-app");
	}
	credential_message_done(&entry);
}

static inline void
assert_no_load(struct vault *vault, const struct vault_key *key,
    enum error_code code, const char *part)
{
	struct credential_message entry;
	struct error err;

	assert_int_equal(vault_load(vault, key, &entry, &err), -1);
	if (strstr(err.message, part) == NULL)
		fail_msg("\"%s\" is not in: %s", part, err.message);
	assert_int_equal(err.code, code);
}

static inline struct vault *
open_vault(struct vault_place place)
{
	struct error err;
	struct vault *vault;

	if (place.limit_ms == 0)
		place.limit_ms = ENOUGH_MS;
	vault = vault_open(&place, &err);
	assert_non_null(vault);
	return vault;
}

static inline void
write_file(const char *path, const char *text, mode_t mode)
{
	struct error err;

	assert_int_equal(file_replace(path, text, strlen(text), mode, &err), 0);
}

/* The whole content of a file of ours. */
static inline void
read_back(const char *path, struct buf *ret_text)
{
	struct error err;
	int fd = file_open(path, ERROR_INPUT, &err);

	assert_int_not_equal(fd, -1);
	buf_init(ret_text, 65536);
	assert_int_equal(file_read(fd, ret_text, path, &err), 0);
	close(fd);
}

static inline void
run(const char *command)
{
	if (system(command) != 0)
		fail_msg("failed: %s", command);
}

static inline int
make_home(void **state)
{
	(void)state;
	umask(022);
	if (mkdtemp(directory) == NULL)
		return -1;
	setenv("HOME", directory, 1);
	return chdir(directory);
}

static inline int
remove_home(void **state)
{
	char command[64];

	(void)state;
	snprintf(command, sizeof command, "rm -rf %s", directory);
	return system(command);
}

#endif

/* SPDX-License-Identifier: MIT */
/*
 * Stores entries in a git credential helper, under protocol=smtp for a mail
 * server and protocol=https for a token endpoint. Checks that the helper has
 * stored a refresh token: many drop attributes that they don't know, and the
 * token would be lost.
 */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "credential/git-helper.h"
#include "credential/program.h"
#include "vault/vault-place.h"

static int helper_request(const struct vault *vault,
    const struct vault_key *key, const char *operation,
    const struct credential_message *entry, struct secret *answer,
    struct error *err);
static int helper_run(const struct vault *vault, const char *operation,
    const struct credential_message *message, struct secret *answer,
    struct error *err);
static int helper_finish(const struct vault *vault,
    struct credential_program *program, struct secret *answer,
    struct error *err);
static int helper_parse(const struct vault *vault, const struct vault_key *key,
    const struct secret *answer, struct credential_message *entry,
    struct error *err);
static int helper_check_stored(const struct vault *vault,
    const struct vault_key *key, const struct credential_message *entry,
    struct error *err);
static int helper_store_expired(const struct vault *vault,
    const struct vault_key *key, const struct credential_message *entry,
    struct error *err);
static int helper_store_whole(const struct vault *vault,
    const struct vault_key *key, const struct credential_message *entry,
    struct error *err);
static int helper_erase(const struct vault *vault, const struct vault_key *key,
    struct error *err);

static int
helper_load(const struct vault *vault, const struct vault_key *key,
    struct credential_message *ret_entry, struct error *err)
{
	struct secret *answer = secret_new(err);
	int result = -1;

	if (answer == NULL)
		return -1;
	if (helper_request(vault, key, "get", NULL, answer, err) == 0)
		result = helper_parse(vault, key, answer, ret_entry, err);
	secret_free(answer);
	return result;
}

/* Helpers don't store an entry without a password. A refresh token alone is
 * stored with an expired access token; other such entries are erased. */
static int
helper_store(const struct vault *vault, const struct vault_key *key,
    const struct credential_message *entry, struct error *err)
{
	if (entry->password != NULL)
		return helper_store_whole(vault, key, entry, err);
	if (entry->refresh_token != NULL)
		return helper_store_expired(vault, key, entry, err);
	return helper_erase(vault, key, err);
}

static int
helper_store_expired(const struct vault *vault, const struct vault_key *key,
    const struct credential_message *entry, struct error *err)
{
	static const char token[] = "expired";
	struct credential_message filled = *entry;
	int result = -1;

	filled.value[CREDENTIAL_PASSWORD_EXPIRY] = "1";
	filled.password = secret_from(token, strlen(token), err);
	if (filled.password != NULL)
		result = helper_store_whole(vault, key, &filled, err);
	secret_free(filled.password);
	return result;
}

static int
helper_store_whole(const struct vault *vault, const struct vault_key *key,
    const struct credential_message *entry, struct error *err)
{
	if (helper_request(vault, key, "store", entry, NULL, err) == -1)
		return -1;
	return entry->refresh_token == NULL
	    ? 0
	    : helper_check_stored(vault, key, entry, err);
}

static int
helper_erase(const struct vault *vault, const struct vault_key *key,
    struct error *err)
{
	return helper_request(vault, key, "erase", NULL, NULL, err);
}

static int
helper_try(const struct vault *vault, const struct vault_key *key,
    struct error *err)
{
	return helper_request(vault, key, "get", NULL, NULL, err);
}

const struct vault_backend vault_helper = {helper_load, helper_store,
    helper_erase, NULL, helper_try};

/* entry and answer may be NULL. */
static int
helper_request(const struct vault *vault, const struct vault_key *key,
    const char *operation, const struct credential_message *entry,
    struct secret *answer, struct error *err)
{
	bool is_web = strcmp(key->service, VAULT_CLIENT) == 0;
	char *server = credential_message_server(key->host, key->port, err);
	struct credential_message message = {0};
	int result;

	if (server == NULL)
		return -1;
	if (entry != NULL)
		message = *entry;
	message.value[CREDENTIAL_PROTOCOL] = is_web ? "https" : "smtp";
	message.value[CREDENTIAL_HOST] = server;
	message.value[CREDENTIAL_USERNAME] = key->user;
	result = helper_run(vault, operation, &message, answer, err);
	free(server);
	return result;
}

static int
helper_run(const struct vault *vault, const char *operation,
    const struct credential_message *message, struct secret *answer,
    struct error *err)
{
	struct credential_program program;
	int result = -1;

	credential_program_init(&program);
	if (git_helper_start(vault->place.helper, operation, message, &program,
		err) == 0)
		result = helper_finish(vault, &program, answer, err);
	credential_program_done(&program);
	return result;
}

static int
helper_finish(const struct vault *vault, struct credential_program *program,
    struct secret *answer, struct error *err)
{
	int status;

	if (credential_program_finish(program,
		clock_now_ms() + vault->place.limit_ms, answer, &status,
		err) == -1) {
		if (err->code != ERROR_TEMPORARY)
			return -1;
		return error_set(err, ERROR_TEMPORARY,
		    "%s didn't answer within the time limit", vault->name);
	}
	if (status == 0)
		return 0;
	return credential_program_explain(program, vault->name, status,
	    ERROR_KEYRING, err);
}

/* A helper that has no credential for the user may answer with that of another
 * user. */
static int
helper_parse(const struct vault *vault, const struct vault_key *key,
    const struct secret *answer, struct credential_message *entry,
    struct error *err)
{
	const char *user;

	if (credential_message_parse(entry, answer, err) == -1) {
		if (err->code != ERROR_DATA)
			return -1;
		return error_set(err, ERROR_DATA,
		    "%s doesn't speak git's credential protocol", vault->name);
	}
	user = entry->value[CREDENTIAL_USERNAME];
	if (user != NULL && strcmp(user, key->user) != 0)
		credential_message_done(entry);
	return 0;
}

/* Erases nothing but what was just stored without its refresh token. */
static int
helper_check_stored(const struct vault *vault, const struct vault_key *key,
    const struct credential_message *entry, struct error *err)
{
	struct credential_message stored;
	struct error ignored;
	bool is_stored;
	bool is_partial;

	credential_message_init(&stored);
	if (helper_load(vault, key, &stored, err) == -1) {
		credential_message_done(&stored);
		return -1;
	}
	is_stored = stored.refresh_token != NULL &&
	    secret_equals(stored.refresh_token, entry->refresh_token);
	is_partial = stored.password != NULL &&
	    secret_equals(stored.password, entry->password);
	credential_message_done(&stored);
	if (is_stored)
		return 0;
	if (!is_partial)
		return error_set(err, ERROR_KEYRING,
		    "%s did not store the tokens", vault->name);
	helper_erase(vault, key, &ignored);
	error_set(err, ERROR_CONFIG, "%s doesn't store refresh tokens",
	    vault->name);
	return error_hint(err,
	    "use git's helper \"libsecret\" (git 2.41 or later), "
	    "credential-folder or the keyring");
}

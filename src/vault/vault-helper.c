/* SPDX-License-Identifier: MIT */
/*
 * Entries in any git credential helper. To it, a mail server is protocol=smtp
 * and a token endpoint protocol=https. Believes no helper that it keeps what it
 * was handed: many drop what they don't know, and a refresh token is lost then
 * for good.
 */
#include <string.h>

#include "base/clock.h"
#include "credential/git-helper.h"
#include "credential/program.h"
#include "vault/vault-place.h"

static int ask(const struct vault *vault, const struct vault_key *key,
    const char *operation, const struct credential_message *entry,
    struct secret *answer, struct error *err);
static int set_key(struct credential_message *message,
    const struct vault_key *key, struct error *err);
static int run(const struct vault *vault, const char *operation,
    const struct credential_message *message, struct secret *answer,
    struct error *err);
static int finish(const struct vault *vault, struct credential_program *program,
    struct secret *answer, struct error *err);
static int take(const struct vault *vault, const struct vault_key *key,
    const struct secret *answer, struct credential_message *entry,
    struct error *err);
static int check_kept(const struct vault *vault, const struct vault_key *key,
    const struct credential_message *entry, struct error *err);
static bool is_same(const struct secret *a, const struct secret *b);
static int store_expired(const struct vault *vault, const struct vault_key *key,
    const struct credential_message *entry, struct error *err);
static int store_whole(const struct vault *vault, const struct vault_key *key,
    const struct credential_message *entry, struct error *err);
static int erase(const struct vault *vault, const struct vault_key *key,
    struct error *err);

static int
load(const struct vault *vault, const struct vault_key *key,
    struct credential_message *ret_entry, struct error *err)
{
	struct secret *answer = secret_new(err);
	int result = -1;

	if (answer == NULL)
		return -1;
	if (ask(vault, key, "get", NULL, answer, err) == 0)
		result = take(vault, key, answer, ret_entry, err);
	secret_free(answer);
	return result;
}

/* Helpers store nothing without a password: then what they have is erased, or
 * kept as a token that ended long ago. */
static int
store(const struct vault *vault, const struct vault_key *key,
    const struct credential_message *entry, struct error *err)
{
	if (entry->password != NULL)
		return store_whole(vault, key, entry, err);
	if (entry->refresh_token != NULL)
		return store_expired(vault, key, entry, err);
	return erase(vault, key, err);
}

static int
store_expired(const struct vault *vault, const struct vault_key *key,
    const struct credential_message *entry, struct error *err)
{
	static const char token[] = "expired";
	char long_ago[] = "1";
	struct credential_message filled = *entry;
	int result = -1;

	filled.value[CREDENTIAL_PASSWORD_EXPIRY] = long_ago;
	filled.password = secret_new(err);
	if (filled.password != NULL &&
	    secret_add(filled.password, token, strlen(token), err) == 0)
		result = store_whole(vault, key, &filled, err);
	secret_free(filled.password);
	return result;
}

static int
store_whole(const struct vault *vault, const struct vault_key *key,
    const struct credential_message *entry, struct error *err)
{
	if (ask(vault, key, "store", entry, NULL, err) == -1)
		return -1;
	return entry->refresh_token == NULL
	    ? 0
	    : check_kept(vault, key, entry, err);
}

static int
erase(const struct vault *vault, const struct vault_key *key, struct error *err)
{
	return ask(vault, key, "erase", NULL, NULL, err);
}

const struct vault_backend vault_helper = {load, store, erase, NULL};

/* entry may be NULL, and answer too when none is expected. */
static int
ask(const struct vault *vault, const struct vault_key *key,
    const char *operation, const struct credential_message *entry,
    struct secret *answer, struct error *err)
{
	struct credential_message named;
	struct credential_message message;
	struct secret *ignored = NULL;
	int result = -1;

	credential_message_init(&named);
	if (answer == NULL)
		answer = ignored = secret_new(err);
	if (answer != NULL && set_key(&named, key, err) == 0) {
		message = entry != NULL ? *entry : named;
		for (int i = 0; i <= CREDENTIAL_USERNAME; i++)
			message.value[i] = named.value[i];
		result = run(vault, operation, &message, answer, err);
	}
	secret_free(ignored);
	credential_message_done(&named);
	return result;
}

static int
set_key(struct credential_message *message, const struct vault_key *key,
    struct error *err)
{
	bool is_web = strcmp(key->service, VAULT_CLIENT) == 0;

	if (credential_message_set(message, CREDENTIAL_PROTOCOL,
		is_web ? "https" : "smtp", err) == -1 ||
	    credential_message_set_server(message, key->host, key->port, err) ==
		-1)
		return -1;
	return credential_message_set(message, CREDENTIAL_USERNAME, key->user,
	    err);
}

static int
run(const struct vault *vault, const char *operation,
    const struct credential_message *message, struct secret *answer,
    struct error *err)
{
	struct credential_program program;
	int result = -1;

	credential_program_init(&program);
	if (git_helper_start(vault->place.helper, operation, message, &program,
		err) == 0)
		result = finish(vault, &program, answer, err);
	credential_program_done(&program);
	return result;
}

static int
finish(const struct vault *vault, struct credential_program *program,
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

/* A helper may answer with another user's credential, having none of ours. */
static int
take(const struct vault *vault, const struct vault_key *key,
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

static int
check_kept(const struct vault *vault, const struct vault_key *key,
    const struct credential_message *entry, struct error *err)
{
	struct credential_message kept;
	struct error ignored;
	bool is_kept;

	credential_message_init(&kept);
	if (load(vault, key, &kept, err) == -1) {
		credential_message_done(&kept);
		return -1;
	}
	is_kept = kept.refresh_token != NULL &&
	    is_same(kept.refresh_token, entry->refresh_token);
	credential_message_done(&kept);
	if (is_kept)
		return 0;
	erase(vault, key, &ignored);
	error_set(err, ERROR_CONFIG, "%s doesn't keep refresh tokens",
	    vault->name);
	return error_hint(err,
	    "use the helper \"libsecret\" of git 2.41 or newer, or "
	    "credential-folder, or the keyring");
}

static bool
is_same(const struct secret *a, const struct secret *b)
{
	return secret_len(a) == secret_len(b) &&
	    memcmp(secret_bytes(a), secret_bytes(b), secret_len(a)) == 0;
}

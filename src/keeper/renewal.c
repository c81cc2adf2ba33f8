/* SPDX-License-Identifier: MIT */
/*
 * Renews a token entry and stores the result before it is used. access-token.c
 * decides whether a renewal is due, and postrider-oauth2 talks to the token
 * endpoint.
 */
#include "keeper/renewal.h"

#include "base/clock.h"
#include "credential/exit-status.h"
#include "keeper/client-secret.h"
#include "keeper/oauth2-program.h"
#include "keeper/signal-guard.h"
#include "keeper/token-entry.h"

enum {
	STORE_PAUSE_MS = 250, /* the first; each is twice as long */
	STORE_LIMIT_MS = 5 * 1000
};

static int exchange_tokens(const struct selected_account *selected,
    const struct credential_message *question, bool is_kept,
    struct credential_message *entry, bool *ret_replaced, struct error *err);
static int prove_store(const struct selected_account *selected,
    const struct credential_message *entry, struct error *err);
static void keep_tokens(const struct selected_account *selected,
    const struct credential_message *entry, bool is_rotated);
static int store_entry(const struct selected_account *selected,
    const struct credential_message *entry, struct error *err);
static void warn_unstored(const struct selected_account *selected,
    bool is_rotated, const struct error *cause);
static bool keep_refusal(const struct selected_account *selected,
    const struct secret *refused, const char *refusal);

int
renewal_obtain(const struct selected_account *selected, bool is_kept,
    struct credential_message *entry, bool *ret_replaced, struct error *err)
{
	struct credential_message question = {
	    .value = {[CREDENTIAL_ISSUER] = entry->value[CREDENTIAL_ISSUER],
		[CREDENTIAL_TOKEN_URL] = entry->value[CREDENTIAL_TOKEN_URL]}};
	struct signal_guard guard;
	int result = 0;

	if (!account_is(selected->account, SETTING_GRANT, "client-credentials"))
		question.refresh_token = entry->refresh_token;
	/* A command that supplies the secret may still be interrupted. */
	if (client_secret_find(selected, entry, &question.client_secret, err) ==
	    -1)
		return -1;
	signal_guard_start(&guard);
	if (is_kept && question.refresh_token != NULL)
		result = prove_store(selected, entry, err);
	if (result == 0)
		result = exchange_tokens(selected, &question, is_kept, entry,
		    ret_replaced, err);
	signal_guard_end(&guard);
	secret_free(question.client_secret);
	return result;
}

static int
exchange_tokens(const struct selected_account *selected,
    const struct credential_message *question, bool is_kept,
    struct credential_message *entry, bool *ret_replaced, struct error *err)
{
	struct credential_message answer;
	int result;

	credential_message_init(&answer);
	result = oauth2_program_ask(selected, "renew", question, &answer, err);
	if (result == 0 && answer.password == NULL) {
		result = error_set(err, ERROR_BUG,
		    "postrider-oauth2 answered without a token");
	} else if (result == 0) {
		bool is_rotated = answer.refresh_token != NULL;

		token_entry_update(entry, &answer);
		if (is_kept)
			keep_tokens(selected, entry, is_rotated);
	} else if (answer.value[CREDENTIAL_REFUSAL] != NULL) {
		*ret_replaced = !keep_refusal(selected, question->refresh_token,
		    answer.value[CREDENTIAL_REFUSAL]);
	}
	credential_message_done(&answer);
	return result;
}

/*
 * Stores the entry as it is, as the new one will be stored: by the same
 * command, file system, helper or keyring. Without that, a full disk or a
 * missing smart card would only be noticed when the refresh token is spent.
 */
static int
prove_store(const struct selected_account *selected,
    const struct credential_message *entry, struct error *err)
{
	const struct vault_key key =
	    selected_account_key(selected, VAULT_TOKENS);
	struct error cause;

	if (vault_store(selected->vault, &key, entry, &cause) == 0)
		return 0;
	*err = cause;
	error_set(err, cause.code,
	    "the token is not renewed, because it could not be stored: %s",
	    cause.message);
	error_set_cause(err, cause.cause);
	return cause.hint[0] != '\0' ? error_hint(err, "%s", cause.hint) : -1;
}

/* The access token is valid whether or not it is stored. */
static void
keep_tokens(const struct selected_account *selected,
    const struct credential_message *entry, bool is_rotated)
{
	struct error err;

	if (store_entry(selected, entry, &err) == -1)
		warn_unstored(selected, is_rotated, &err);
}

/* The only copy of the new refresh token is in memory: tries until the time
 * limit, unless the user has dismissed the keyring's prompt. */
static int
store_entry(const struct selected_account *selected,
    const struct credential_message *entry, struct error *err)
{
	const struct vault_key key =
	    selected_account_key(selected, VAULT_TOKENS);
	const int64_t deadline_ms = clock_now_ms() + STORE_LIMIT_MS;
	int64_t pause_ms = STORE_PAUSE_MS;

	while (vault_store(selected->vault, &key, entry, err) == -1) {
		const int64_t next_ms = clock_now_ms() + pause_ms;

		if (err->code == ERROR_AUTH || next_ms > deadline_ms)
			return -1;
		clock_sleep_until(next_ms);
		pause_ms *= 2;
	}
	return 0;
}

/* The stored refresh token remains: some servers accept it for a while, or for
 * good. */
static void
warn_unstored(const struct selected_account *selected, bool is_rotated,
    const struct error *cause)
{
	struct error warning;

	if (is_rotated) {
		error_set(&warning, cause->code,
		    "the new refresh token of %s at %s cannot be stored: %s",
		    selected->user, selected->host, cause->message);
		error_hint(&warning,
		    "the sign-in may end with the current access token; "
		    "then sign in again: postrider login %s",
		    account_label(selected->account));
	} else {
		error_set(&warning, cause->code,
		    "the new access token of %s at %s cannot be stored: %s",
		    selected->user, selected->host, cause->message);
		if (cause->hint[0] != '\0')
			error_hint(&warning, "%s", cause->hint);
	}
	credential_exit_warn(&warning);
}

/*
 * Stores that the refresh token is refused for good, so that the next process
 * can say so without contacting the server. Returns false, and stores nothing,
 * if the store has another one by now: a process that doesn't share the lock,
 * as in a container, may have renewed the entry meanwhile.
 */
static bool
keep_refusal(const struct selected_account *selected,
    const struct secret *refused, const char *refusal)
{
	const struct vault_key key =
	    selected_account_key(selected, VAULT_TOKENS);
	struct credential_message stored;
	struct error ignored;
	bool is_same;

	if (vault_load(selected->vault, &key, &stored, &ignored) == -1)
		return true;
	is_same = token_entry_has_refresh_token(&stored, refused);
	if (is_same) {
		token_entry_drop_token(&stored);
		secret_free(stored.refresh_token);
		stored.refresh_token = NULL;
		if (credential_message_set(&stored, CREDENTIAL_REFUSAL, refusal,
			&ignored) == 0)
			vault_store(selected->vault, &key, &stored, &ignored);
	}
	credential_message_done(&stored);
	return is_same;
}

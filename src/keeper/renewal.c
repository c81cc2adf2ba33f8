/* SPDX-License-Identifier: MIT */
/*
 * Renews a token entry and stores the result before it is used. access-token.c
 * decides whether a renewal is due, and postrider-oauth2 talks to the token
 * endpoint.
 */
#include "keeper/renewal.h"

#include "keeper/client-secret.h"
#include "keeper/oauth2-program.h"
#include "keeper/signal-guard.h"
#include "keeper/token-entry.h"

static int compose_question(const struct selected_account *selected,
    const struct credential_message *entry, struct credential_message *question,
    struct error *err);
static int exchange_tokens(const struct selected_account *selected,
    const struct credential_message *question, bool is_kept,
    struct credential_message *entry, bool *ret_replaced, struct error *err);
static int store_entry(const struct selected_account *selected,
    const struct credential_message *entry, struct error *err);
static bool keep_refusal(const struct selected_account *selected,
    const struct secret *refused, const char *refusal);

int
renewal_obtain(const struct selected_account *selected, bool is_kept,
    struct credential_message *entry, bool *ret_replaced, struct error *err)
{
	struct credential_message question;
	struct signal_guard guard;
	int result;

	credential_message_init(&question);
	result = compose_question(selected, entry, &question, err);
	if (result == 0) {
		signal_guard_start(&guard);
		result = exchange_tokens(selected, &question, is_kept, entry,
		    ret_replaced, err);
		signal_guard_end(&guard);
	}
	credential_message_done(&question);
	return result;
}

/* A command that supplies the client secret may still be interrupted. */
static int
compose_question(const struct selected_account *selected,
    const struct credential_message *entry, struct credential_message *question,
    struct error *err)
{
	static const enum credential_key keys[] = {CREDENTIAL_ISSUER,
	    CREDENTIAL_TOKEN_URL};

	if (client_secret_find(selected, entry, &question->client_secret,
		err) == -1)
		return -1;
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
		const char *text = entry->value[keys[i]];

		if (text != NULL &&
		    credential_message_set(question, keys[i], text, err) == -1)
			return -1;
	}
	if (account_is(selected->account, SETTING_GRANT, "client-credentials"))
		return 0;
	question->refresh_token = secret_copy(entry->refresh_token, err);
	return question->refresh_token != NULL ? 0 : -1;
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
		token_entry_update(entry, &answer);
		if (is_kept)
			result = store_entry(selected, entry, err);
	} else if (answer.value[CREDENTIAL_REFUSAL] != NULL) {
		*ret_replaced = !keep_refusal(selected, question->refresh_token,
		    answer.value[CREDENTIAL_REFUSAL]);
	}
	credential_message_done(&answer);
	return result;
}

/* The stored refresh token is spent: a retry can't repair a failure here, and
 * nothing can take the place of what was lost. */
static int
store_entry(const struct selected_account *selected,
    const struct credential_message *entry, struct error *err)
{
	const struct vault_key key =
	    selected_account_key(selected, VAULT_TOKENS);

	if (vault_store(selected->vault, &key, entry, err) == 0)
		return 0;
	if (err->code == ERROR_TEMPORARY)
		err->code = ERROR_KEYRING;
	return -1;
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

/* SPDX-License-Identifier: MIT */
/*
 * From an entry to the next: the request that may spend its refresh token, and
 * the storing of what came. Whether another is needed, and whose turn it is, is
 * access.c's business; what is said to the token endpoint is the grants'.
 */
#include "keeper/exchange.h"

#include <stdint.h>
#include <time.h>

#include "base/clock.h"
#include "keeper/client-secret.h"
#include "keeper/entry.h"
#include "oauth2/grant.h"
#include "keeper/shield.h"

struct exchange {
	const struct account *account;
	struct endpoints *endpoints;
	struct vault *vault;
	struct vault_key key;
	bool keeps;
};

static int recall(const struct exchange *exchange,
    const struct credential_message *entry, struct error *err);
static int grant(const struct exchange *exchange,
    const struct token_client *client, struct credential_message *entry,
    struct error *err);
static int store(const struct exchange *exchange,
    const struct credential_message *entry, struct error *err);
static int refresh(const struct exchange *exchange,
    const struct token_client *client, struct credential_message *entry,
    struct tokens *tokens, struct error *err);
static int keep_refusal(const struct exchange *exchange,
    struct credential_message *entry, struct error *err);

int
exchange_tokens(const struct subject *subject, struct endpoints *endpoints,
    bool keeps, struct credential_message *entry, struct error *err)
{
	const struct account *account = subject->account;
	const struct exchange exchange = {.account = account,
	    .endpoints = endpoints,
	    .vault = subject->vault,
	    .key = subject_key(subject, VAULT_TOKENS),
	    .keeps = keeps};
	struct secret *client_secret = NULL;
	struct token_client client = {.account = account,
	    .endpoints = endpoints,
	    .deadline_ms =
		clock_now_ms() + account_duration_ms(account, SETTING_TIMEOUT)};
	int result = -1;

	if (recall(&exchange, entry, err) == 0 &&
	    endpoints_require(endpoints, ENDPOINT_TOKEN, client.deadline_ms,
		err) == 0 &&
	    client_secret_find(account, endpoints, subject->vault,
		&client_secret, err) == 0) {
		client.client_secret = client_secret;
		result = grant(&exchange, &client, entry, err);
	}
	secret_free(client_secret);
	return result;
}

int
exchange_fill(struct credential_message *entry,
    const struct token_client *client, struct tokens *tokens, struct error *err)
{
	const struct endpoints *endpoints = client->endpoints;
	const struct {
		enum credential_key key;
		const char *text;
	} texts[] = {
	    {CREDENTIAL_CLIENT_ID, client->account->text[SETTING_CLIENT_ID]},
	    {CREDENTIAL_ISSUER, endpoints->issuer},
	    {CREDENTIAL_TOKEN_URL, endpoints->url[ENDPOINT_TOKEN]},
	};
	int result = entry_set_tokens(entry, tokens, (int64_t)time(NULL), err);

	tokens_done(tokens);
	for (size_t i = 0; i < sizeof texts / sizeof *texts && result == 0;
	     i++) {
		if (texts[i].text != NULL)
			result = credential_message_set(entry, texts[i].key,
			    texts[i].text, err);
	}
	return result;
}

/* How a client secret is to be sent only the issuer knows. */
static int
recall(const struct exchange *exchange, const struct credential_message *entry,
    struct error *err)
{
	return client_secret_is_wanted(exchange->account)
	    ? 0
	    : endpoints_remember(exchange->endpoints,
		  entry->value[CREDENTIAL_ISSUER],
		  entry->value[CREDENTIAL_TOKEN_URL], err);
}

/* A command that brings the client secret may still be stopped; from here on
 * nobody is asked anything. */
static int
grant(const struct exchange *exchange, const struct token_client *client,
    struct credential_message *entry, struct error *err)
{
	struct tokens tokens = {0};
	struct shield shield;
	int result;

	shield_raise(&shield);
	result =
	    account_is(exchange->account, SETTING_GRANT, "client-credentials")
	    ? grant_client_credentials(client, &tokens, err)
	    : refresh(exchange, client, entry, &tokens, err);
	if (result == 0)
		result = exchange_fill(entry, client, &tokens, err);
	if (result == 0 && exchange->keeps)
		result = store(exchange, entry, err);
	shield_lower(&shield);
	return result;
}

/* The refresh token that is kept is spent: a failure here is none that may be
 * tried again, and nothing serves in place of what was lost. */
static int
store(const struct exchange *exchange, const struct credential_message *entry,
    struct error *err)
{
	if (vault_store(exchange->vault, &exchange->key, entry, err) == 0)
		return 0;
	if (err->code == ERROR_TEMPORARY)
		err->code = ERROR_KEYRING;
	return -1;
}

static int
refresh(const struct exchange *exchange, const struct token_client *client,
    struct credential_message *entry, struct tokens *tokens, struct error *err)
{
	bool is_over = false;

	if (grant_refresh(client, entry->refresh_token, tokens, &is_over,
		err) == 0)
		return 0;
	return is_over ? keep_refusal(exchange, entry, err) : -1;
}

/*
 * The refresh token is spent for good: the next process shall say so without
 * asking the server again. Always returns -1.
 */
static int
keep_refusal(const struct exchange *exchange, struct credential_message *entry,
    struct error *err)
{
	struct error ignored;

	secret_free(entry->refresh_token);
	entry->refresh_token = NULL;
	entry_drop_token(entry);
	if (credential_message_set(entry, CREDENTIAL_REFUSAL, err->message,
		&ignored) == 0)
		vault_store(exchange->vault, &exchange->key, entry, &ignored);
	return -1;
}

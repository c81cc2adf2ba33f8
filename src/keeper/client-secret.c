/* SPDX-License-Identifier: MIT */
/*
 * Finds, asks for and stores client secrets. Doesn't know what they are used
 * for.
 */
#include "keeper/client-secret.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "config/token-server.h"
#include "credential/credential.h"
#include "credential/terminal.h"
#include "keeper/oauth2-program.h"

enum {
	HOST_SIZE = 256,
	QUESTION_SIZE = 512
};

static int load_secret(const struct selected_account *selected,
    const struct credential_message *entry, struct secret **ret_secret,
    struct error *err);
static int fetch_secret(const struct account *account,
    struct secret **ret_secret, struct error *err);
static int compose_key(const struct selected_account *selected,
    const struct credential_message *entry, char host[HOST_SIZE],
    struct vault_key *ret_key, struct error *err);
static bool remembers_endpoint(const struct credential_message *entry,
    const struct token_server *server);
static int find_endpoint(const struct selected_account *selected,
    char host[HOST_SIZE], struct error *err);
static void copy_host(const char *url, char host[HOST_SIZE]);

bool
client_secret_is_wanted(const struct account *account)
{
	if (account->text[SETTING_CLIENT_KEY] != NULL)
		return false;
	return account->text[SETTING_CLIENT_SECRET] != NULL ||
	    account_is(account, SETTING_GRANT, "client-credentials") ||
	    (account->provider != NULL &&
		account->provider->text[PROVIDER_CLIENT_SECRET_NEEDED] != NULL);
}

bool
client_secret_is_kept(const struct account *account)
{
	const char *source = account->text[SETTING_CLIENT_SECRET];

	return client_secret_is_wanted(account) &&
	    (source == NULL || text_equals(source, "keyring"));
}

int
client_secret_find(const struct selected_account *selected,
    const struct credential_message *entry, struct secret **ret_secret,
    struct error *err)
{
	const struct account *account = selected->account;
	struct secret *secret = NULL;

	if (!client_secret_is_wanted(account)) {
		*ret_secret = NULL;
		return 0;
	}
	if (!client_secret_is_kept(account))
		return fetch_secret(account, ret_secret, err);
	if (load_secret(selected, entry, &secret, err) == -1)
		return -1;
	*ret_secret = secret;
	if (secret != NULL)
		return 0;
	error_set(err, ERROR_AUTH, "%s has no client secret for %s",
	    vault_name(selected->vault), account->text[SETTING_CLIENT_ID]);
	error_set_cause(err, "client-secret");
	return error_hint(err,
	    "postrider login %s asks for it; without a terminal set "
	    "client-secret = env:NAME or file:PATH",
	    account_label(account));
}

int
client_secret_ask(const struct account *account, bool has_one,
    struct secret **ret_secret, struct error *err)
{
	const char *client_id = account->text[SETTING_CLIENT_ID];
	struct secret *secret = secret_new(err);
	char question[QUESTION_SIZE];

	if (secret == NULL)
		return -1;
	snprintf(question, sizeof question,
	    "client secret of %s%s: ", client_id,
	    has_one ? " (Enter keeps the stored one)" : "");
	if (terminal_ask(question, false, secret, err) == -1) {
		secret_free(secret);
		return -1;
	}
	if (secret_len(secret) == 0) {
		secret_free(secret);
		secret = NULL;
	}
	*ret_secret = secret;
	return 0;
}

int
client_secret_keep(const struct selected_account *selected,
    const struct credential_message *entry, const struct secret *secret,
    struct error *err)
{
	struct credential_message kept;
	struct vault_key key;
	char host[HOST_SIZE];
	int result;

	if (!client_secret_is_kept(selected->account))
		return 0;
	credential_message_init(&kept);
	result = compose_key(selected, entry, host, &key, err);
	if (result == 0)
		kept.password = secret_copy(secret, err);
	if (kept.password == NULL)
		result = -1;
	else
		result = vault_store(selected->vault, &key, &kept, err);
	credential_message_done(&kept);
	return result;
}

int
client_secret_forget(const struct selected_account *selected,
    const struct credential_message *entry, struct error *err)
{
	struct vault_key key;
	char host[HOST_SIZE];

	if (!client_secret_is_kept(selected->account))
		return 0;
	if (compose_key(selected, entry, host, &key, err) == -1)
		return -1;
	return vault_erase(selected->vault, &key, err);
}

static int
load_secret(const struct selected_account *selected,
    const struct credential_message *entry, struct secret **ret_secret,
    struct error *err)
{
	struct credential_message kept;
	struct vault_key key;
	char host[HOST_SIZE];

	if (compose_key(selected, entry, host, &key, err) == -1 ||
	    vault_load(selected->vault, &key, &kept, err) == -1)
		return -1;
	*ret_secret = kept.password;
	kept.password = NULL;
	credential_message_done(&kept);
	return 0;
}

/* From a variable, a file or a command: the sources of a password. */
static int
fetch_secret(const struct account *account, struct secret **ret_secret,
    struct error *err)
{
	const struct credential_request request = {.account = account->name,
	    .host = account->text[SETTING_HOST],
	    .user = account->text[SETTING_CLIENT_ID],
	    .source = account->text[SETTING_CLIENT_SECRET],
	    .deadline_ms =
		clock_now_ms() + account_duration_ms(account, SETTING_TIMEOUT)};
	struct credential *credential = credential_start(&request, err);
	const struct secret *secret;
	struct secret *copy = NULL;

	if (credential != NULL &&
	    credential_await(credential, &secret, err) == 0)
		copy = secret_copy(secret, err);
	credential_free(credential);
	if (copy == NULL)
		return -1;
	*ret_secret = copy;
	return 0;
}

static int
compose_key(const struct selected_account *selected,
    const struct credential_message *entry, char host[HOST_SIZE],
    struct vault_key *ret_key, struct error *err)
{
	struct token_server server;
	int result = token_server_init(&server, selected->account, err);

	if (result == 0 && server.token_url != NULL)
		copy_host(server.token_url, host);
	else if (result == 0 && remembers_endpoint(entry, &server))
		copy_host(entry->value[CREDENTIAL_TOKEN_URL], host);
	else if (result == 0)
		result = find_endpoint(selected, host, err);
	token_server_done(&server);
	*ret_key = (struct vault_key){.service = VAULT_CLIENT,
	    .host = host,
	    .user = selected->account->text[SETTING_CLIENT_ID]};
	return result;
}

/* Whether the entry has the token endpoint of the provider's issuer. */
static bool
remembers_endpoint(const struct credential_message *entry,
    const struct token_server *server)
{
	const char *issuer =
	    entry != NULL ? entry->value[CREDENTIAL_ISSUER] : NULL;

	return issuer != NULL && server->issuer != NULL &&
	    strcmp(issuer, server->issuer) == 0 &&
	    entry->value[CREDENTIAL_TOKEN_URL] != NULL;
}

static int
find_endpoint(const struct selected_account *selected, char host[HOST_SIZE],
    struct error *err)
{
	struct credential_message answer;
	int result;

	credential_message_init(&answer);
	result = oauth2_program_ask(selected, "endpoints", NULL, &answer, err);
	if (result == 0 && answer.value[CREDENTIAL_TOKEN_URL] != NULL)
		copy_host(answer.value[CREDENTIAL_TOKEN_URL], host);
	else if (result == 0)
		result = error_set(err, ERROR_BUG,
		    "postrider-oauth2 answered without a token endpoint");
	credential_message_done(&answer);
	return result;
}

/* The host of a URL, without scheme, port and path. */
static void
copy_host(const char *url, char host[HOST_SIZE])
{
	const char *start = strstr(url, "://");
	size_t len;

	start = start != NULL ? start + 3 : url;
	if (*start == '[') /* RFC 3986 3.2.2 */
		len = strcspn(++start, "]");
	else
		len = strcspn(start, ":/?#");
	if (len >= HOST_SIZE)
		len = HOST_SIZE - 1;
	memcpy(host, start, len);
	host[len] = '\0';
}

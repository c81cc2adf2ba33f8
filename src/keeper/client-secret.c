/* SPDX-License-Identifier: MIT */
/*
 * Where a client secret comes from. Doesn't know what it is used for.
 */
#include "keeper/client-secret.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "credential/client.h"
#include "credential/terminal.h"
#include "oauth2/token.h"

enum {
	HOST_SIZE = 256,
	QUESTION_SIZE = 512
};

static int load(const struct account *account,
    const struct endpoints *endpoints, struct vault *vault,
    struct secret **ret_secret, struct error *err);
static int fetch(const struct account *account, struct secret **ret_secret,
    struct error *err);
static int copy(const struct secret *from, struct secret **ret_copy,
    struct error *err);
static struct vault_key key_of(const struct account *account,
    const struct endpoints *endpoints, char host[HOST_SIZE]);

bool
client_secret_is_wanted(const struct account *account)
{
	if (account->text[SETTING_CLIENT_KEY] != NULL)
		return false;
	return account->text[SETTING_CLIENT_SECRET] != NULL ||
	    account_is(account, SETTING_GRANT, "client-credentials") ||
	    account->provider->text[PROVIDER_CLIENT_SECRET_NEEDED] != NULL;
}

bool
client_secret_is_kept(const struct account *account)
{
	const char *source = account->text[SETTING_CLIENT_SECRET];

	return client_secret_is_wanted(account) &&
	    (source == NULL || text_equals(source, "keyring"));
}

int
client_secret_find(const struct account *account,
    const struct endpoints *endpoints, struct vault *vault,
    struct secret **ret_secret, struct error *err)
{
	struct secret *secret = NULL;

	if (!client_secret_is_wanted(account)) {
		*ret_secret = NULL;
		return 0;
	}
	if (!client_secret_is_kept(account))
		return fetch(account, ret_secret, err);
	if (load(account, endpoints, vault, &secret, err) == -1)
		return -1;
	*ret_secret = secret;
	if (secret != NULL)
		return 0;
	error_set(err, ERROR_AUTH, "%s has no client secret for %s",
	    vault_name(vault), account->text[SETTING_CLIENT_ID]);
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
	    has_one ? " (Enter: the one that is kept)" : "");
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
client_secret_keep(const struct account *account,
    const struct endpoints *endpoints, struct vault *vault,
    const struct secret *secret, struct error *err)
{
	char host[HOST_SIZE];
	const struct vault_key key = key_of(account, endpoints, host);
	struct credential_message entry;
	int result;

	if (!client_secret_is_kept(account))
		return 0;
	credential_message_init(&entry);
	result = copy(secret, &entry.password, err);
	if (result == 0)
		result = vault_store(vault, &key, &entry, err);
	credential_message_done(&entry);
	return result;
}

int
client_secret_forget(const struct account *account,
    const struct endpoints *endpoints, struct vault *vault, struct error *err)
{
	char host[HOST_SIZE];
	const struct vault_key key = key_of(account, endpoints, host);

	if (!client_secret_is_kept(account))
		return 0;
	return vault_erase(vault, &key, err);
}

static int
load(const struct account *account, const struct endpoints *endpoints,
    struct vault *vault, struct secret **ret_secret, struct error *err)
{
	char host[HOST_SIZE];
	const struct vault_key key = key_of(account, endpoints, host);
	struct credential_message entry;

	if (vault_load(vault, &key, &entry, err) == -1)
		return -1;
	*ret_secret = entry.password;
	entry.password = NULL;
	credential_message_done(&entry);
	return 0;
}

/* A variable, a file, a command: the sources that a password has too. */
static int
fetch(const struct account *account, struct secret **ret_secret,
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
	int result = -1;

	if (credential != NULL &&
	    credential_await(credential, &secret, err) == 0)
		result = copy(secret, ret_secret, err);
	credential_free(credential);
	return result;
}

static int
copy(const struct secret *from, struct secret **ret_copy, struct error *err)
{
	struct secret *to = secret_new(err);

	if (to == NULL)
		return -1;
	if (secret_add(to, secret_bytes(from), secret_len(from), err) == -1) {
		secret_free(to);
		return -1;
	}
	*ret_copy = to;
	return 0;
}

/* The host of the token endpoint, without scheme, port and path. */
static struct vault_key
key_of(const struct account *account, const struct endpoints *endpoints,
    char host[HOST_SIZE])
{
	const char *url = endpoints->url[ENDPOINT_TOKEN];
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
	return (struct vault_key){.service = VAULT_CLIENT,
	    .host = host,
	    .user = account->text[SETTING_CLIENT_ID]};
}

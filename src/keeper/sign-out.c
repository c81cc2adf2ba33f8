/* SPDX-License-Identifier: MIT */
/*
 * logout: what is kept is erased whatever the server says; a revocation that
 * fails is told, not an error.
 */
#include "keeper/operations.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "keeper/client-secret.h"
#include "https/form.h"
#include "oauth2/token.h"

static int erase_tokens(const struct subject *subject, struct error *err);
static void tell_erased(const struct subject *subject, const char *what,
    bool found);
static bool has_tokens(const struct credential_message *entry);
static void end_at_server(const struct subject *subject,
    const struct credential_message *entry);
static int end_sign_in(const struct subject *subject,
    struct endpoints *endpoints, const struct credential_message *entry,
    struct error *err);
static int revoke_at(const struct subject *subject, struct endpoints *endpoints,
    const struct credential_message *entry, struct error *err);
static int send_revocation(const struct token_client *client,
    const struct credential_message *entry, struct error *err);
static int forget_client(const struct subject *subject,
    struct endpoints *endpoints, const struct credential_message *entry,
    struct error *err);
static bool shares_client(const struct subject *subject);

int
operation_logout(const struct operation_request *request, struct error *err)
{
	const struct subject *subject = request->subject;
	const struct vault_key key = subject_key(subject, VAULT_PASSWORD);
	struct credential_message entry;
	bool found;

	if (subject_has_tokens(subject))
		return erase_tokens(subject, err);
	if (vault_load(subject->vault, &key, &entry, err) == -1)
		return -1;
	found = entry.password != NULL;
	credential_message_done(&entry);
	if (found && vault_erase(subject->vault, &key, err) == -1)
		return -1;
	tell_erased(subject, "password", found);
	return 0;
}

static int
erase_tokens(const struct subject *subject, struct error *err)
{
	const struct vault_key key = subject_key(subject, VAULT_TOKENS);
	struct credential_message entry;
	int lock = vault_lock(subject->vault, &key,
	    clock_now_ms() + VAULT_LOCK_LIMIT_MS, err);
	int result;

	if (lock == -1)
		return -1;
	result = vault_load(subject->vault, &key, &entry, err);
	if (result == 0) {
		end_at_server(subject, &entry);
		result = vault_erase(subject->vault, &key, err);
		if (result == 0)
			tell_erased(subject, "sign-in", has_tokens(&entry));
		credential_message_done(&entry);
	}
	close(lock);
	return result;
}

static void
tell_erased(const struct subject *subject, const char *what, bool found)
{
	if (found)
		printf("erased from %s: the %s of %s at %s\n",
		    vault_name(subject->vault), what, subject->user,
		    subject->host);
	else
		printf("%s has no %s of %s at %s\n", vault_name(subject->vault),
		    what, subject->user, subject->host);
}

static bool
has_tokens(const struct credential_message *entry)
{
	return entry->password != NULL || entry->refresh_token != NULL;
}

/* What fails here is told, and hinders nothing. */
static void
end_at_server(const struct subject *subject,
    const struct credential_message *entry)
{
	struct endpoints endpoints;
	struct error err;
	bool is_known = endpoints_init(&endpoints, subject->account, &err) == 0;

	if (has_tokens(entry) &&
	    (!is_known || end_sign_in(subject, &endpoints, entry, &err) == -1))
		printf("the sign-in could not be revoked: %s\n", err.message);
	if (is_known && forget_client(subject, &endpoints, entry, &err) == -1)
		printf("the client secret could not be erased: %s\n",
		    err.message);
	endpoints_done(&endpoints);
}

static int
end_sign_in(const struct subject *subject, struct endpoints *endpoints,
    const struct credential_message *entry, struct error *err)
{
	const struct account *account = subject->account;
	const char *provider = account->provider->name;

	if (endpoints_look_up(endpoints, ENDPOINT_REVOCATION,
		clock_now_ms() + account_duration_ms(account, SETTING_TIMEOUT),
		err) == -1)
		return -1;
	if (!endpoints_issued(endpoints, entry->value[CREDENTIAL_ISSUER],
		entry->value[CREDENTIAL_TOKEN_URL])) {
		printf("the sign-in was at another server than that of %s now: "
		       "end it in the account's settings on the web\n",
		    provider);
		return 0;
	}
	if (endpoints->url[ENDPOINT_REVOCATION] == NULL) {
		printf("%s has no way to revoke a sign-in: end it in the "
		       "account's settings on the web\n",
		    provider);
		return 0;
	}
	if (revoke_at(subject, endpoints, entry, err) == -1)
		return -1;
	printf("the sign-in is revoked at %s\n", provider);
	return 0;
}

static int
revoke_at(const struct subject *subject, struct endpoints *endpoints,
    const struct credential_message *entry, struct error *err)
{
	const struct account *account = subject->account;
	const int64_t deadline_ms =
	    clock_now_ms() + account_duration_ms(account, SETTING_TIMEOUT);
	struct secret *client_secret = NULL;
	struct token_client client = {.account = account,
	    .endpoints = endpoints,
	    .deadline_ms = deadline_ms};
	int result = -1;

	if (endpoints_require(endpoints, ENDPOINT_TOKEN, deadline_ms, err) ==
		0 &&
	    client_secret_find(account, endpoints, subject->vault,
		&client_secret, err) == 0) {
		client.client_secret = client_secret;
		result = send_revocation(&client, entry, err);
	}
	secret_free(client_secret);
	return result;
}

/* RFC 7009 2.1: with the refresh token, its access tokens go too. */
static int
send_revocation(const struct token_client *client,
    const struct credential_message *entry, struct error *err)
{
	const struct secret *token = entry->refresh_token != NULL
	    ? entry->refresh_token
	    : entry->password;
	const char *hint =
	    entry->refresh_token != NULL ? "refresh_token" : "access_token";
	char error[TOKEN_ERROR_SIZE];
	struct json_document *nothing = NULL;
	struct secret *form = secret_new(err);
	int result = -1;

	if (form != NULL && form_add_secret(form, "token", token, err) == 0 &&
	    form_add(form, "token_type_hint", hint, err) == 0)
		result = token_post(client, ENDPOINT_REVOCATION, form, &nothing,
		    error, err);
	secret_free(form);
	return result;
}

/* The server's part comes before: it may want the secret. */
static int
forget_client(const struct subject *subject, struct endpoints *endpoints,
    const struct credential_message *entry, struct error *err)
{
	const struct account *account = subject->account;

	if (!client_secret_is_wanted(account) || shares_client(subject))
		return 0;
	if (endpoints_remember(endpoints, entry->value[CREDENTIAL_ISSUER],
		entry->value[CREDENTIAL_TOKEN_URL], err) == -1 ||
	    endpoints_require(endpoints, ENDPOINT_TOKEN,
		clock_now_ms() + account_duration_ms(account, SETTING_TIMEOUT),
		err) == -1)
		return -1;
	return client_secret_forget(account, endpoints, subject->vault, err);
}

/* Whether another account signs in as the same client. */
static bool
shares_client(const struct subject *subject)
{
	const struct config *config = subject->config;
	const struct account *account = subject->account;

	if (config->defaults.text[SETTING_CLIENT_ID] != NULL ||
	    account->provider->settings.text[SETTING_CLIENT_ID] != NULL)
		return true;
	for (size_t i = 0; i < config->account_count; i++) {
		const struct config_account *other = &config->account[i];
		const char *id = other->settings.text[SETTING_CLIENT_ID];

		if (id != NULL &&
		    strcmp(id, account->text[SETTING_CLIENT_ID]) == 0 &&
		    (account->name == NULL ||
			strcmp(other->name, account->name) != 0))
			return true;
	}
	return false;
}

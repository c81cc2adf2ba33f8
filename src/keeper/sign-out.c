/* SPDX-License-Identifier: MIT */
/*
 * logout: erases what is kept, whatever the server says. A revocation that
 * fails is reported on standard output, and is not an error.
 */
#include "keeper/operations.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "keeper/client-secret.h"
#include "keeper/oauth2-program.h"

static int erase_tokens(const struct selected_account *selected,
    struct error *err);
static void report_erased(const struct selected_account *selected,
    const char *what, bool found);
static bool has_tokens(const struct credential_message *entry);
static void end_at_server(const struct selected_account *selected,
    const struct credential_message *entry);
static int revoke_tokens(const struct selected_account *selected,
    const struct credential_message *entry, struct error *err);
static bool can_revoke(const struct account *account);
static bool shares_client(const struct selected_account *selected);

int
operation_logout(const struct operation_request *request, struct error *err)
{
	const struct selected_account *selected = request->selected;
	const struct vault_key key =
	    selected_account_key(selected, VAULT_PASSWORD);
	struct credential_message entry;
	bool found;

	if (selected_account_has_tokens(selected))
		return erase_tokens(selected, err);
	if (vault_load(selected->vault, &key, &entry, err) == -1)
		return -1;
	found = entry.password != NULL;
	credential_message_done(&entry);
	if (found && vault_erase(selected->vault, &key, err) == -1)
		return -1;
	report_erased(selected, "password", found);
	return 0;
}

static int
erase_tokens(const struct selected_account *selected, struct error *err)
{
	const struct vault_key key =
	    selected_account_key(selected, VAULT_TOKENS);
	struct credential_message entry;
	int lock = vault_lock(selected->vault, &key,
	    clock_now_ms() + VAULT_LOCK_LIMIT_MS, err);
	int result;

	if (lock == -1)
		return -1;
	result = vault_load(selected->vault, &key, &entry, err);
	if (result == 0) {
		end_at_server(selected, &entry);
		result = vault_erase(selected->vault, &key, err);
		if (result == 0)
			report_erased(selected, "sign-in", has_tokens(&entry));
		credential_message_done(&entry);
	}
	close(lock);
	return result;
}

static void
report_erased(const struct selected_account *selected, const char *what,
    bool found)
{
	if (found)
		printf("erased from %s: the %s of %s at %s\n",
		    vault_name(selected->vault), what, selected->user,
		    selected->host);
	else
		printf("%s has no %s of %s at %s\n",
		    vault_name(selected->vault), what, selected->user,
		    selected->host);
}

static bool
has_tokens(const struct credential_message *entry)
{
	return entry->password != NULL || entry->refresh_token != NULL;
}

/* Reports a failure; the erasing goes on. */
static void
end_at_server(const struct selected_account *selected,
    const struct credential_message *entry)
{
	struct error err;

	if (has_tokens(entry) && revoke_tokens(selected, entry, &err) == -1)
		printf("couldn't revoke the sign-in: %s\n", err.message);
	if (client_secret_is_wanted(selected->account) &&
	    !shares_client(selected) &&
	    client_secret_forget(selected, entry, &err) == -1)
		printf("couldn't erase the client secret: %s\n", err.message);
}

static int
revoke_tokens(const struct selected_account *selected,
    const struct credential_message *entry, struct error *err)
{
	struct credential_message question =
	    {.value = {[CREDENTIAL_ISSUER] = entry->value[CREDENTIAL_ISSUER],
		 [CREDENTIAL_TOKEN_URL] = entry->value[CREDENTIAL_TOKEN_URL]},
		.refresh_token = entry->refresh_token};
	struct secret *client_secret = NULL;
	struct secret *text;
	int result = -1;

	if (can_revoke(selected->account) &&
	    client_secret_find(selected, entry, &client_secret, err) == -1)
		return -1;
	question.client_secret = client_secret;
	if (question.refresh_token == NULL)
		question.password = entry->password;
	text = secret_new(err);
	if (text != NULL)
		result = oauth2_program_ask_text(selected, "revoke", &question,
		    text, err);
	if (result == 0)
		fputs(secret_bytes(text), stdout);
	secret_free(text);
	secret_free(client_secret);
	return result;
}

/* As far as the configuration says. */
static bool
can_revoke(const struct account *account)
{
	const struct provider *provider = account->provider;

	return provider != NULL &&
	    (provider->text[PROVIDER_REVOCATION_URL] != NULL ||
		provider->text[PROVIDER_ISSUER] != NULL);
}

/* Whether another account signs in as the same client. */
static bool
shares_client(const struct selected_account *selected)
{
	const struct config *config = selected->config;
	const struct account *account = selected->account;

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

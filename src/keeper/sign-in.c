/* SPDX-License-Identifier: MIT */
/*
 * login: one of the grants, then the vault. Whether the mail server takes the
 * token is tried by postrider, which may speak to it.
 */
#include "base/text.h"
#include "keeper/operations.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "credential/source.h"
#include "keeper/access.h"
#include "keeper/client-secret.h"
#include "keeper/entry.h"
#include "keeper/exchange.h"
#include "oauth2/grant.h"
#include "keeper/shield.h"

struct sign_in {
	const struct operation_request *request;
	const struct account *account;
	struct vault *vault;
	struct endpoints endpoints;
	struct secret *client_secret;
	bool secret_is_new;
	struct tokens tokens;
};

static int check(const struct sign_in *sign_in, struct error *err);
static const char *wanted_grant(const struct sign_in *sign_in);
static int check_vault(const struct sign_in *sign_in, struct error *err);
static int find_client_secret(struct sign_in *sign_in, struct error *err);
static int ask_client_secret(struct sign_in *sign_in, bool has_one,
    struct error *err);
static int obtain(struct sign_in *sign_in, struct token_client *client,
    struct error *err);
static int keep(struct sign_in *sign_in, const struct token_client *client,
    struct error *err);
static int store(struct sign_in *sign_in, struct credential_message *entry,
    struct error *err);
static int store_tokens(const struct sign_in *sign_in,
    const struct credential_message *entry, struct error *err);
static void warn_about_the_end(const struct sign_in *sign_in,
    const struct credential_message *entry);

int
operation_login(const struct operation_request *request, struct error *err)
{
	struct sign_in sign_in = {.request = request,
	    .account = request->subject->account,
	    .vault = request->subject->vault};
	struct token_client client = {.account = sign_in.account,
	    .endpoints = &sign_in.endpoints};
	int result = -1;

	if (check(&sign_in, err) == -1)
		return -1;
	client.deadline_ms = clock_now_ms() +
	    account_duration_ms(sign_in.account, SETTING_TIMEOUT);
	if (check_vault(&sign_in, err) == 0 &&
	    endpoints_init(&sign_in.endpoints, sign_in.account, err) == 0 &&
	    endpoints_require(&sign_in.endpoints, ENDPOINT_TOKEN,
		client.deadline_ms, err) == 0 &&
	    find_client_secret(&sign_in, err) == 0) {
		client.client_secret = sign_in.client_secret;
		if (obtain(&sign_in, &client, err) == 0)
			result = keep(&sign_in, &client, err);
	}
	tokens_done(&sign_in.tokens);
	secret_free(sign_in.client_secret);
	endpoints_done(&sign_in.endpoints);
	return result;
}

/* What would only show after a person has done all the work. */
static int
check(const struct sign_in *sign_in, struct error *err)
{
	const struct account *account = sign_in->account;
	const char *unavailable = NULL;

	if (account == NULL || !account->uses_oauth2)
		return error_set(err, ERROR_USAGE,
		    "login is for accounts that sign in by OAuth2");
	if (account->text[SETTING_CLIENT_ID] == NULL)
		return error_set(err, ERROR_CONFIG, "%s: client-id isn't set",
		    account_label(account));
	if (account->provider != NULL &&
	    text_equals(wanted_grant(sign_in), "device-code"))
		unavailable =
		    account->provider->text[PROVIDER_DEVICE_UNAVAILABLE];
	if (unavailable == NULL)
		return 0;
	error_set(err, ERROR_CONFIG, "%s", unavailable);
	return error_hint(err,
	    "without a browser here: postrider login --paste %s",
	    account_label(account));
}

/* What is said now counts more than the setting. */
static const char *
wanted_grant(const struct sign_in *sign_in)
{
	const struct keeper_options *options = sign_in->request->options;
	const char *grant = sign_in->account->text[SETTING_GRANT];

	if (options->device)
		return "device-code";
	if (options->paste && text_equals(grant, "device-code"))
		return "authorization-code";
	return grant;
}

/* Where nothing can be kept, nobody needs to sign in. */
static int
check_vault(const struct sign_in *sign_in, struct error *err)
{
	const struct vault_key key =
	    subject_key(sign_in->request->subject, VAULT_TOKENS);
	struct credential_message entry;

	if (vault_check(sign_in->vault, err) == -1)
		return -1;
	if (vault_load(sign_in->vault, &key, &entry, err) == 0)
		credential_message_done(&entry);
	else if (err->code != ERROR_DATA &&
	    !access_needs_no_vault(sign_in->request->subject, err))
		return -1;
	return 0;
}

static int
find_client_secret(struct sign_in *sign_in, struct error *err)
{
	bool is_kept = client_secret_is_kept(sign_in->account);
	int found = client_secret_find(sign_in->account, &sign_in->endpoints,
	    sign_in->vault, &sign_in->client_secret, err);

	if (!is_kept || (found == -1 && err->code != ERROR_AUTH))
		return found;
	return ask_client_secret(sign_in, found == 0, err);
}

/* Also where there is one: it may be why the last sign-in has failed. Without a
 * terminal what is there must do. */
static int
ask_client_secret(struct sign_in *sign_in, bool has_one, struct error *err)
{
	struct error none = *err;
	struct secret *typed = NULL;

	if (client_secret_ask(sign_in->account, has_one, &typed, err) == -1 &&
	    err->code != ERROR_INPUT)
		return -1;
	if (typed == NULL) {
		if (!has_one)
			*err = none;
		return has_one ? 0 : -1;
	}
	secret_free(sign_in->client_secret);
	sign_in->client_secret = typed;
	sign_in->secret_is_new = true;
	return 0;
}

static int
obtain(struct sign_in *sign_in, struct token_client *client, struct error *err)
{
	const char *wanted = wanted_grant(sign_in);
	const struct grant grant = {.client = *client,
	    .out = stdout,
	    .paste = sign_in->request->options->paste};

	/* No browser inherits it. */
	credential_variable_forget(CREDENTIAL_VARIABLE);
	if (text_equals(wanted, "client-credentials"))
		return grant_client_credentials(client, &sign_in->tokens, err);
	if (text_equals(wanted, "device-code"))
		return grant_device_code(&grant, &sign_in->tokens, err);
	return grant_authorization_code(&grant, &sign_in->tokens, err);
}

static int
keep(struct sign_in *sign_in, const struct token_client *client,
    struct error *err)
{
	struct credential_message entry;
	struct shield shield;
	int result;

	credential_message_init(&entry);
	shield_raise(&shield);
	result = exchange_fill(&entry, client, &sign_in->tokens, err);
	if (result == 0)
		result = store(sign_in, &entry, err);
	shield_lower(&shield);
	if (result == 0 && entry.refresh_token == NULL)
		warn_about_the_end(sign_in, &entry);
	credential_message_done(&entry);
	return result;
}

static int
store(struct sign_in *sign_in, struct credential_message *entry,
    struct error *err)
{
	if (sign_in->secret_is_new &&
	    client_secret_keep(sign_in->account, &sign_in->endpoints,
		sign_in->vault, sign_in->client_secret, err) == -1)
		return -1;
	if (store_tokens(sign_in, entry, err) == 0 ||
	    access_needs_no_vault(sign_in->request->subject, err))
		return 0;
	return -1;
}

/* A process that renews the earlier tokens, or finds that they are over, would
 * otherwise put what it has in place of these. */
static int
store_tokens(const struct sign_in *sign_in,
    const struct credential_message *entry, struct error *err)
{
	const struct vault_key key =
	    subject_key(sign_in->request->subject, VAULT_TOKENS);
	int lock = vault_lock(sign_in->vault, &key,
	    clock_now_ms() + VAULT_LOCK_LIMIT_MS, err);
	int result;

	if (lock == -1)
		return -1;
	result = vault_store(sign_in->vault, &key, entry, err);
	close(lock);
	return result;
}

static void
warn_about_the_end(const struct sign_in *sign_in,
    const struct credential_message *entry)
{
	if (account_is(sign_in->account, SETTING_GRANT, "client-credentials"))
		return;
	printf("%s gave no refresh token: the sign-in ends with the token, "
	       "after %" PRId64 " min\n",
	    sign_in->account->provider->name, entry_lifetime_s(entry) / 60);
}

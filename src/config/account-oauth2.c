/* SPDX-License-Identifier: MIT */
/*
 * Whether an account signs in by OAuth2, and as which client. Knows no token
 * and asks no endpoint.
 */
#include "config/account-oauth2.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "config/account-fill.h"
#include "config/list.h"

/* For a provider that doesn't say which it takes: most take the first. */
static const char bearer_mechanisms[] = "xoauth2\noauthbearer";

static int fill_texts(struct account_oauth2 *oauth2,
    const struct layers *layers, struct error *err);
static int fill_scope(struct account *account, const struct layers *layers,
    struct error *err);
static enum account_grant grant_of(const char *text);
static bool is_wanted(const struct account *account,
    const struct layers *layers);
static bool allows_bearer(const struct account *account);
static bool is_for_oauth2_only(const struct provider *provider);
static int fill_auth(struct account *account, struct error *err);
static int check_mailbox(const struct account *account,
    const struct layers *layers, struct error *err);

int
account_fill_oauth2(struct account *account, const struct layers *layers,
    struct error *err)
{
	struct account_oauth2 *oauth2 = &account->oauth2;

	oauth2->grant = grant_of(layers_text(layers, SETTING_GRANT));
	oauth2->signs_rs256 =
	    text_equals(layers_text(layers, SETTING_CLIENT_SIGNATURE), "rs256");
	oauth2->refresh_margin_ms =
	    setting_duration_ms(layers_text(layers, SETTING_REFRESH_MARGIN));
	if (fill_texts(oauth2, layers, err) == -1 ||
	    fill_scope(account, layers, err) == -1)
		return -1;
	oauth2->wanted = is_wanted(account, layers);
	if (!oauth2->wanted)
		return check_mailbox(account, layers, err);
	return account->auth.mechanism_count == 0 ? fill_auth(account, err) : 0;
}

void
account_oauth2_done(struct account_oauth2 *oauth2)
{
	free(oauth2->client_id);
	free(oauth2->client_secret);
	free(oauth2->client_cert_file);
	free(oauth2->client_key);
	free(oauth2->tenant);
	free(oauth2->scope);
	free(oauth2->trust_file);
}

static int
fill_texts(struct account_oauth2 *oauth2, const struct layers *layers,
    struct error *err)
{
	const struct layers_copy texts[] = {
	    {&oauth2->client_id, SETTING_CLIENT_ID},
	    {&oauth2->client_secret, SETTING_CLIENT_SECRET},
	    {&oauth2->client_cert_file, SETTING_CLIENT_CERT_FILE},
	    {&oauth2->client_key, SETTING_CLIENT_KEY},
	    {&oauth2->tenant, SETTING_TENANT},
	    {&oauth2->trust_file, SETTING_TOKEN_TRUST_FILE},
	};

	return layers_copy_texts(layers, texts, sizeof texts / sizeof *texts,
	    err);
}

/* An application asks for another scope than a person. */
static int
fill_scope(struct account *account, const struct layers *layers,
    struct error *err)
{
	struct account_oauth2 *oauth2 = &account->oauth2;
	const char *scope = layers_said_by_user(layers, SETTING_SCOPE);

	if (scope == NULL && account->provider != NULL &&
	    oauth2->grant == ACCOUNT_GRANT_CLIENT_CREDENTIALS)
		scope = account->provider->text[PROVIDER_APP_SCOPE];
	if (scope == NULL)
		scope = layers_text(layers, SETTING_SCOPE);
	if (scope == NULL || *scope == '\0')
		return 0;
	oauth2->scope = strdup(scope);
	return oauth2->scope != NULL ? 0 : error_no_memory(err);
}

static enum account_grant
grant_of(const char *text)
{
	if (text_equals(text, "device-code"))
		return ACCOUNT_GRANT_DEVICE_CODE;
	if (text_equals(text, "client-credentials"))
		return ACCOUNT_GRANT_CLIENT_CREDENTIALS;
	return ACCOUNT_GRANT_AUTHORIZATION_CODE;
}

static bool
is_wanted(const struct account *account, const struct layers *layers)
{
	if (account->auth.mechanism_count > 0)
		return allows_bearer(account);
	if (account->auth.command != NULL || account->auth.pop_first)
		return false;
	return account->oauth2.client_id != NULL ||
	    layers_said(layers, SETTING_GRANT) != NULL ||
	    is_for_oauth2_only(account->provider);
}

static bool
allows_bearer(const struct account *account)
{
	const char *at = bearer_mechanisms;
	const char *name;
	size_t len;

	while (list_next(&at, &name, &len)) {
		for (size_t i = 0; i < account->auth.mechanism_count; i++) {
			if (text_is(name, len, account->auth.mechanism[i]))
				return true;
		}
	}
	return false;
}

/* Or one that says where tokens come from and nothing else. */
static bool
is_for_oauth2_only(const struct provider *provider)
{
	if (provider == NULL)
		return false;
	if (provider->text[PROVIDER_SIGN_IN] != NULL)
		return provider->sign_in == PROVIDER_OAUTH2;
	return provider->text[PROVIDER_ISSUER] != NULL ||
	    provider->text[PROVIDER_TOKEN_URL] != NULL;
}

static int
fill_auth(struct account *account, struct error *err)
{
	const struct provider *provider = account->provider;
	const char *list =
	    provider != NULL ? provider->text[PROVIDER_BEARER] : NULL;

	/* An empty list is there already. */
	list_free(account->auth.mechanism, account->auth.mechanism_count);
	account->auth.mechanism = NULL;
	return list_split(list != NULL ? list : bearer_mechanisms,
	    &account->auth.mechanism, &account->auth.mechanism_count, err);
}

static int
check_mailbox(const struct account *account, const struct layers *layers,
    struct error *err)
{
	if (account->mailbox == NULL)
		return 0;
	account_refuse(layers, SETTING_MAILBOX, err,
	    "mailbox is for accounts that sign in by OAuth2");
	return error_hint(err,
	    "to act as another with a password, set authzid");
}

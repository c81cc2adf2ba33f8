/* SPDX-License-Identifier: MIT */
/*
 * Decides whether an account signs in with OAuth2, and derives its scope and
 * mechanisms. Uses no tokens and no network.
 */
#include "config/account-fill.h"

#include <string.h>

#include "base/text.h"
#include "config/value-list.h"

/* The default if the provider block has no "bearer": most accept the first. */
static const char bearer_mechanisms[] = "xoauth2\noauthbearer";

static int oauth2_fill_scope(struct account *account,
    const struct layers *layers, struct error *err);
static bool oauth2_is_wanted(const struct account *account,
    const struct layers *layers);
static bool auth_has_bearer(const struct account *account);
static bool is_for_oauth2_only(const struct provider *provider);
static int oauth2_fill_mechanisms(struct account *account, struct error *err);
static int oauth2_refuse_mailbox(const struct account *account,
    const struct layers *layers, struct error *err);

int
account_fill_oauth2(struct account *account, const struct layers *layers,
    struct error *err)
{
	if (oauth2_fill_scope(account, layers, err) == -1)
		return -1;
	account->uses_oauth2 = oauth2_is_wanted(account, layers);
	if (!account->uses_oauth2)
		return oauth2_refuse_mailbox(account, layers, err);
	return account->list[SETTING_AUTH].count == 0
	    ? oauth2_fill_mechanisms(account, err)
	    : 0;
}

/* An application needs a different scope than a person. */
static int
oauth2_fill_scope(struct account *account, const struct layers *layers,
    struct error *err)
{
	const struct provider *provider = account->provider;
	const char *scope =
	    provider != NULL ? provider->text[PROVIDER_APP_SCOPE] : NULL;

	if (scope == NULL || layers_user_value(layers, SETTING_SCOPE) != NULL ||
	    !account_is(account, SETTING_GRANT, "client-credentials"))
		return 0;
	return account_set_text(account, SETTING_SCOPE, scope, strlen(scope),
	    err);
}

static bool
oauth2_is_wanted(const struct account *account, const struct layers *layers)
{
	if (account->list[SETTING_AUTH].count > 0)
		return auth_has_bearer(account);
	if (account_command(account) != NULL ||
	    account_signs_in_by_pop(account))
		return false;
	return account->text[SETTING_CLIENT_ID] != NULL ||
	    layers_value(layers, SETTING_GRANT) != NULL ||
	    is_for_oauth2_only(account->provider);
}

static bool
auth_has_bearer(const struct account *account)
{
	const struct account_list *list = &account->list[SETTING_AUTH];
	const char *at = bearer_mechanisms;
	const char *name;
	size_t len;

	while (value_list_next(&at, &name, &len)) {
		for (size_t i = 0; i < list->count; i++) {
			if (text_is(name, len, list->element[i]))
				return true;
		}
	}
	return false;
}

/* Without sign-in, a provider that has a token endpoint is for OAuth2. */
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
oauth2_fill_mechanisms(struct account *account, struct error *err)
{
	const struct provider *provider = account->provider;
	struct account_list *list = &account->list[SETTING_AUTH];
	const char *bearer =
	    provider != NULL ? provider->text[PROVIDER_BEARER] : NULL;

	return value_list_split(bearer != NULL ? bearer : bearer_mechanisms,
	    &list->element, &list->count, err);
}

static int
oauth2_refuse_mailbox(const struct account *account,
    const struct layers *layers, struct error *err)
{
	if (account->text[SETTING_MAILBOX] == NULL)
		return 0;
	account_refuse(layers, SETTING_MAILBOX, err,
	    "mailbox requires an account that signs in with OAuth2");
	return error_hint(err,
	    "to act as another user with a password, set authzid");
}

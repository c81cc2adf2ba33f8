/* SPDX-License-Identifier: MIT */
/*
 * The grants without a person: refresh token and client credentials.
 */
#include "oauth2/grant.h"

#include <string.h>

#include "base/text.h"
#include "https/form.h"

static int check_application_tenant(const struct account *account,
    struct error *err);

int
grant_client_credentials(const struct token_client *client,
    struct tokens *ret_tokens, struct error *err)
{
	const char *scope = client->account->text[SETTING_SCOPE];
	struct token_client application = *client;
	char error[TOKEN_ERROR_SIZE];
	struct secret *form;
	int result = -1;

	if (check_application_tenant(client->account, err) == -1)
		return -1;
	application.at = ENDPOINT_AT_APPLICATION;
	form = secret_new(err);
	if (form != NULL &&
	    form_add(form, "grant_type", "client_credentials", err) == 0 &&
	    (scope == NULL || form_add(form, "scope", scope, err) == 0))
		result =
		    token_request(&application, form, ret_tokens, error, err);
	secret_free(form);
	return result;
}

int
grant_refresh(const struct token_client *client,
    const struct secret *refresh_token, struct tokens *ret_tokens,
    bool *ret_over, struct error *err)
{
	struct token_client renewing = *client;
	struct endpoint_request request;
	char error[TOKEN_ERROR_SIZE] = "";
	struct secret *form = secret_new(err);
	int result = -1;

	renewing.at = ENDPOINT_AT_RENEWAL;
	if (form != NULL &&
	    form_add(form, "grant_type", "refresh_token", err) == 0 &&
	    form_add_secret(form, "refresh_token", refresh_token, err) == 0)
		result = token_request(&renewing, form, ret_tokens, error, err);
	secret_free(form);
	request = token_endpoint_request(&renewing);
	/* With a status of 5xx, invalid_grant is a failure of the server. */
	*ret_over =
	    result == -1 && endpoint_failure_ends_sign_in(err, error, &request);
	return result;
}

/* Microsoft issues application tokens for one organisation only. */
static int
check_application_tenant(const struct account *account, struct error *err)
{
	static const char *const any[] = {"common", "organizations",
	    "consumers"};
	const char *tenant = account->text[SETTING_TENANT];

	for (size_t i = 0; tenant != NULL && i < sizeof any / sizeof *any;
	     i++) {
		if (!text_equals(tenant, any[i]))
			continue;
		error_set(err, ERROR_CONFIG,
		    "%s: the client-credentials grant does not support the "
		    "tenant \"%s\"",
		    account_label(account), tenant);
		return error_hint(err,
		    "set tenant to the organisation's domain or GUID");
	}
	return 0;
}

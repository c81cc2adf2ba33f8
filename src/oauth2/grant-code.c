/* SPDX-License-Identifier: MIT */
/*
 * The authorization code grant: obtains a code with the browser and exchanges
 * it for tokens. The person has as long as the setting "deadline" allows to
 * sign in; "timeout" limits each request.
 */
#include "oauth2/grant.h"

#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/text.h"
#include "oauth2/authorize.h"
#include "https/form.h"
#include "oauth2/scope.h"

enum {
	HOST_SIZE = 64
};

struct code_exchange {
	const struct grant *grant;
	struct tokens *tokens;
};

static int split_redirect_uri(const struct account *account,
    char host[HOST_SIZE], const char **ret_path, struct error *err);
static int exchange_code(void *context, const struct secret *code,
    const struct secret *verifier, const char *redirect_uri, struct error *err);

int
grant_authorization_code(const struct grant *grant, struct tokens *ret_tokens,
    struct error *err)
{
	const struct account *account = grant->client.account;
	struct endpoints *endpoints = grant->client.endpoints;
	struct tokens tokens = {0};
	struct code_exchange exchange = {grant, &tokens};
	const struct endpoint_request failing =
	    endpoint_request_of(account, ENDPOINT_AT_BROWSER);
	struct authorization_request request =
	    {.client_id = account->text[SETTING_CLIENT_ID],
		.scope = account->text[SETTING_SCOPE],
		.parameters =
		    account->provider->text[PROVIDER_AUTHORIZATION_PARAMETERS],
		.login_hint = account->text[SETTING_USER],
		.failing = &failing,
		.paste_only = grant->paste,
		.out = grant->out,
		.paste_fd = STDIN_FILENO,
		.deadline_ms = clock_now_ms() +
		    account_duration_ms(account, SETTING_DEADLINE),
		.finish = exchange_code,
		.context = &exchange};
	char host[HOST_SIZE];

	if (endpoints_require(endpoints, ENDPOINT_AUTHORIZATION,
		grant->client.deadline_ms, err) == -1 ||
	    endpoints_require(endpoints, ENDPOINT_TOKEN,
		grant->client.deadline_ms, err) == -1 ||
	    split_redirect_uri(account, host, &request.redirect_path, err) ==
		-1)
		return -1;
	request.url = endpoints->url[ENDPOINT_AUTHORIZATION];
	request.issuer = endpoints->issuer;
	request.issuer_required = endpoints->issuer_required;
	request.redirect_host = host;
	if (authorize(&request, err) == -1) {
		tokens_done(&tokens);
		return -1;
	}
	*ret_tokens = tokens;
	return 0;
}

/* Splits "http://localhost/path", to which the port is added. An absent path
 * stays absent, as Microsoft compares redirect URIs byte for byte. */
static int
split_redirect_uri(const struct account *account, char host[HOST_SIZE],
    const char **ret_path, struct error *err)
{
	static const char scheme[] = "http://";
	const char *redirect = account->provider->text[PROVIDER_REDIRECT];
	size_t len;

	if (redirect == NULL)
		redirect = "http://127.0.0.1/";
	if (!text_has_prefix(redirect, scheme))
		goto refuse;
	redirect += strlen(scheme);
	len = strcspn(redirect, "/:");
	if (len >= HOST_SIZE || redirect[len] == ':')
		goto refuse;
	memcpy(host, redirect, len);
	host[len] = '\0';
	if (!text_equals(host, "localhost") && !text_equals(host, "127.0.0.1"))
		goto refuse;
	*ret_path = redirect + len;
	return 0;
refuse:
	error_set(err, ERROR_CONFIG,
	    "provider %s: the redirect \"%s\" is not supported",
	    account->provider->name,
	    account->provider->text[PROVIDER_REDIRECT]);
	return error_hint(err,
	    "set redirect to http://127.0.0.1/PATH or http://localhost/PATH, "
	    "without a port");
}

/* Exchanges the code (RFC 6749 4.1.3, RFC 7636 4.5). */
static int
exchange_code(void *context, const struct secret *code,
    const struct secret *verifier, const char *redirect_uri, struct error *err)
{
	const struct code_exchange *exchange = context;
	struct token_client client = exchange->grant->client;
	char error[TOKEN_ERROR_SIZE];
	struct secret *form = secret_new(err);
	int result = -1;

	client.at = ENDPOINT_AT_CODE;
	client.deadline_ms = clock_now_ms() +
	    account_duration_ms(client.account, SETTING_TIMEOUT);
	if (form != NULL &&
	    form_add(form, "grant_type", "authorization_code", err) == 0 &&
	    form_add_secret(form, "code", code, err) == 0 &&
	    form_add_secret(form, "code_verifier", verifier, err) == 0 &&
	    form_add(form, "redirect_uri", redirect_uri, err) == 0)
		result =
		    token_request(&client, form, exchange->tokens, error, err);
	secret_free(form);
	/* Checked here, so that the page in the browser reports it too. */
	if (result == 0)
		result = scope_check(client.account, exchange->tokens, err);
	return result;
}

/* SPDX-License-Identifier: MIT */
/*
 * One request to an endpoint and what its answer means. What authenticates the
 * client is here; the grants put the rest into the form.
 */
#include "oauth2/token.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/text.h"
#include "config/endpoint-hint.h"
#include "oauth2/client-auth.h"
#include "oauth2/form-secrets.h"
#include "https/form.h"
#include "https/http.h"

enum {
	STATUS_OK = 200,
	STATUS_TOO_MANY = 429,
	STATUS_SERVER = 500,
	DESCRIPTION_MAX = 300
};

/* One request, for what is made of its answer. */
struct exchange {
	const struct token_client *client;
	enum endpoint which;
	const struct secret *form; /* as it was sent */
	const char *url;
};

static int send(const struct token_client *client, enum endpoint which,
    struct secret *form, struct http_response *response, struct error *err);
static int read_answer(const struct exchange *exchange,
    const struct http_response *response, struct json_document **ret_answer,
    char ret_error[TOKEN_ERROR_SIZE], struct error *err);
static int explain(const struct exchange *exchange,
    const struct http_response *response, const struct json_document *answer,
    char ret_error[TOKEN_ERROR_SIZE], struct error *err);
static enum error_code code_of(const char *error, long status);
static void describe(const struct exchange *exchange,
    const struct json_document *answer, char *out, size_t out_size);
static const char *shown(const struct exchange *exchange,
    const struct json_document *answer, const char *name);
static void hint_clock(const struct http_response *response, struct error *err);
static int take(const struct json_document *answer, const char *host,
    struct tokens *tokens, struct error *err);
static bool is_token(const struct secret *secret);

void
tokens_done(struct tokens *tokens)
{
	secret_free(tokens->access);
	secret_free(tokens->refresh);
	free(tokens->scope);
	*tokens = (struct tokens){0};
}

int
token_request(const struct token_client *client, struct secret *form,
    struct tokens *ret_tokens, char ret_error[TOKEN_ERROR_SIZE],
    struct error *err)
{
	struct tokens tokens = {0};
	struct json_document *answer = NULL;
	int result;

	if (token_post(client, ENDPOINT_TOKEN, form, &answer, ret_error, err) ==
	    -1)
		return -1;
	result =
	    take(answer, client->endpoints->url[ENDPOINT_TOKEN], &tokens, err);
	json_document_free(answer);
	if (result == 0)
		*ret_tokens = tokens;
	else
		tokens_done(&tokens);
	return result;
}

int
token_post(const struct token_client *client, enum endpoint which,
    struct secret *form, struct json_document **ret_answer,
    char ret_error[TOKEN_ERROR_SIZE], struct error *err)
{
	struct exchange exchange = {.client = client,
	    .which = which,
	    .form = form};
	struct http_response response;
	int result;

	*ret_error = '\0';
	if (endpoints_require(client->endpoints, which, client->deadline_ms,
		err) == -1 ||
	    send(client, which, form, &response, err) == -1)
		return -1;
	exchange.url = client->endpoints->url[which];
	result = read_answer(&exchange, &response, ret_answer, ret_error, err);
	http_response_done(&response);
	return result;
}

static int
send(const struct token_client *client, enum endpoint which,
    struct secret *form, struct http_response *response, struct error *err)
{
	struct secret *authorization = NULL;
	struct http_request request = {.url = client->endpoints->url[which],
	    .form = form,
	    .trust_file = client->account->text[SETTING_TOKEN_TRUST_FILE],
	    .trust_setting = "--token-trust-file",
	    .deadline_ms = client->deadline_ms};
	int result = -1;

	if (client_auth_add(client, form, &authorization, err) == 0) {
		request.authorization = authorization;
		result = http_send(&request, response, err);
	}
	secret_free(authorization);
	return result;
}

/* RFC 6749 5.2. Some servers put the same JSON under other statuses, 200 among
 * them. */
static int
read_answer(const struct exchange *exchange,
    const struct http_response *response, struct json_document **ret_answer,
    char ret_error[TOKEN_ERROR_SIZE], struct error *err)
{
	struct error no_answer;
	struct json_document *answer =
	    json_document_parse(response->body, exchange->url, &no_answer);
	bool is_good = response->status == STATUS_OK &&
	    (answer == NULL || json_document_text(answer, "error") == NULL);
	int result = 0;

	if (!is_good) {
		result = explain(exchange, response, answer, ret_error, err);
	} else if (exchange->which == ENDPOINT_REVOCATION) {
		*ret_answer = NULL; /* RFC 7009 2.2: nothing to be read */
	} else if (answer == NULL) {
		*err = no_answer;
		result = -1;
	} else {
		*ret_answer = answer;
	}
	if (result == -1 || exchange->which == ENDPOINT_REVOCATION)
		json_document_free(answer);
	return result;
}

static int
explain(const struct exchange *exchange, const struct http_response *response,
    const struct json_document *answer, char ret_error[TOKEN_ERROR_SIZE],
    struct error *err)
{
	const struct account *account = exchange->client->account;
	const char *error = shown(exchange, answer, "error");
	char description[DESCRIPTION_MAX];

	if (error == NULL)
		return error_set(err, code_of("", response->status),
		    "%s: answered with status %ld", exchange->url,
		    response->status);
	text_printable(ret_error, TOKEN_ERROR_SIZE, error, strlen(error));
	describe(exchange, answer, description, sizeof description);
	error_set(err, code_of(error, response->status), "%s: %s%s%s",
	    exchange->url, ret_error, *description != '\0' ? ": " : "",
	    description);
	if (err->code != ERROR_AUTH)
		return -1;
	endpoint_hint_add(err, ret_error, account_label(account));
	if (strcmp(error, "invalid_client") == 0 ||
	    account->text[SETTING_CLIENT_KEY] != NULL)
		hint_clock(response, err);
	return -1;
}

static enum error_code
code_of(const char *error, long status)
{
	static const char *const temporary[] = {"temporarily_unavailable",
	    "server_error", "slow_down", "authorization_pending"};

	for (size_t i = 0; i < sizeof temporary / sizeof *temporary; i++) {
		if (strcmp(error, temporary[i]) == 0)
			return ERROR_TEMPORARY;
	}
	if (status >= STATUS_SERVER || status == STATUS_TOO_MANY)
		return ERROR_TEMPORARY;
	return *error != '\0' ? ERROR_AUTH : ERROR_REFUSED;
}

/* What Microsoft adds for its own records helps nobody here. */
static void
describe(const struct exchange *exchange, const struct json_document *answer,
    char *out, size_t out_size)
{
	const char *text = shown(exchange, answer, "error_description");
	const char *end;

	*out = '\0';
	if (text == NULL)
		return;
	end = strstr(text, "Trace ID:");
	if (end == NULL)
		end = text + strlen(text);
	while (end > text && strchr(" \r\n.", end[-1]) != NULL)
		end--;
	text_printable(out, out_size, text, (size_t)(end - text));
}

/* A text of the answer that holds no secret of ours, else NULL. */
static const char *
shown(const struct exchange *exchange, const struct json_document *answer,
    const char *name)
{
	const struct secret *secret = exchange->client->client_secret;
	const char *text =
	    answer != NULL ? json_document_text(answer, name) : NULL;

	if (text == NULL || form_secrets_found_in(text, exchange->form))
		return NULL;
	/* It may have gone out in a header. */
	if (secret != NULL && secret_len(secret) > 0 &&
	    strstr(text, secret_bytes(secret)) != NULL)
		return NULL;
	return text;
}

/* A signed assertion is only good where the clocks agree. */
static void
hint_clock(const struct http_response *response, struct error *err)
{
	enum {
		SKEW_MAX_S = 300
	};
	int64_t skew_s = (int64_t)time(NULL) - response->date;

	if (response->date == 0 ||
	    (skew_s >= -SKEW_MAX_S && skew_s <= SKEW_MAX_S))
		return;
	error_hint(err,
	    "this computer's clock is %lld minutes %s: set it, then try again",
	    (long long)(skew_s < 0 ? -skew_s : skew_s) / 60,
	    skew_s < 0 ? "slow" : "fast");
}

static int
take(const struct json_document *answer, const char *url, struct tokens *tokens,
    struct error *err)
{
	const char *type = json_document_text(answer, "token_type");
	const char *scope = json_document_text(answer, "scope");

	if (json_document_secret(answer, "access_token", &tokens->access,
		err) == -1 ||
	    json_document_secret(answer, "refresh_token", &tokens->refresh,
		err) == -1)
		return -1;
	if (tokens->access == NULL || !is_token(tokens->access) ||
	    (tokens->refresh != NULL && !is_token(tokens->refresh)))
		return error_set(err, ERROR_TEMPORARY,
		    "%s: the answer has no access token", url);
	if (type != NULL && !text_equals(type, "bearer"))
		return error_set(err, ERROR_REFUSED,
		    "%s: gave a token of type %.32s, not a bearer token", url,
		    type);
	tokens->lifetime_s =
	    json_document_seconds(answer, "expires_in", TOKEN_LIFETIME_S);
	if (scope != NULL) {
		tokens->scope = strdup(scope);
		if (tokens->scope == NULL)
			return error_no_memory(err);
	}
	return 0;
}

/* RFC 6749 A.12: visible ASCII. Anything else could end a field elsewhere. */
static bool
is_token(const struct secret *secret)
{
	const char *bytes = secret_bytes(secret);

	for (size_t i = 0; i < secret_len(secret); i++) {
		if (bytes[i] <= ' ' || bytes[i] > '~')
			return false;
	}
	return true;
}

/* SPDX-License-Identifier: MIT */
/*
 * Sends one authenticated request to an endpoint and reads tokens or an error
 * from the response. The grants fill the rest of the form.
 */
#include "oauth2/token.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/text.h"
#include "oauth2/client-auth.h"
#include "oauth2/form-secrets.h"
#include "oauth2/status-failure.h"
#include "https/http.h"

enum {
	STATUS_OK = 200,
	STATUS_NOT_FOUND = 404,
	STATUS_WRONG_METHOD = 405,
	DESCRIPTION_MAX = 300
};

/* One request, needed to read its response. */
struct token_exchange {
	const struct token_client *client;
	enum endpoint which;
	const struct secret *form; /* as sent */
	const char *url;
};

/* A member of the response, perhaps of an object in it. */
struct response_name {
	const char *outer;
	const char *name;
};

/* RFC 6749, then Yahoo, Google's APIs and Okta. */
static const struct response_name error_names[] = {
    {NULL, "error"},
    {"error", "errorId"},
    {"error", "status"},
    {"error", "code"},
    {NULL, "errorCode"},
    {NULL, "error_code"},
    {NULL, NULL},
};
static const struct response_name description_names[] = {
    {NULL, "error_description"},
    {NULL, "message"},
    {"error", "message"},
    {NULL, "errorSummary"},
    {NULL, "error_message"},
    {NULL, "detail"},
    {NULL, NULL},
};

static int token_send(const struct token_client *client, enum endpoint which,
    struct secret *form, struct http_response *response, struct error *err);
static int token_read_response(const struct token_exchange *exchange,
    const struct http_response *response, struct json_document **ret_answer,
    char ret_error[TOKEN_ERROR_SIZE], struct error *err);
static int token_explain_error(const struct token_exchange *exchange,
    const struct http_response *response, const struct json_document *answer,
    char ret_error[TOKEN_ERROR_SIZE], struct error *err);
static void token_explain_unknown(long status, const struct account *account,
    struct error *err);
static void token_describe_error(const struct token_exchange *exchange,
    const struct json_document *answer, char *out, size_t out_size);
static const char *token_response_text(const struct token_exchange *exchange,
    const struct json_document *answer, const struct response_name *names);
static void token_hint_clock(const struct http_response *response,
    struct error *err);
static int tokens_take(const struct json_document *answer, const char *host,
    struct tokens *tokens, struct error *err);
static int token_no_answer(const char *url, struct error *err);
static bool is_token_text(const struct secret *secret);

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
	int attempt = 0;
	int result;

	if (token_post(client, ENDPOINT_TOKEN, form, &answer, ret_error, err) ==
	    -1)
		return -1;
	/* The request may have spent a refresh token. */
	do {
		tokens_done(&tokens);
		result = tokens_take(answer,
		    client->endpoints->url[ENDPOINT_TOKEN], &tokens, err);
	} while (result == -1 && clock_await_memory(err, &attempt));
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
	struct token_exchange exchange = {.client = client,
	    .which = which,
	    .form = form};
	struct http_response response;
	int result;

	*ret_error = '\0';
	if (endpoints_require(client->endpoints, which, client->deadline_ms,
		err) == -1 ||
	    token_send(client, which, form, &response, err) == -1)
		return -1;
	exchange.url = client->endpoints->url[which];
	result = token_read_response(&exchange, &response, ret_answer,
	    ret_error, err);
	http_response_done(&response);
	return result;
}

static int
token_send(const struct token_client *client, enum endpoint which,
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

/* RFC 6749 5.2. Some servers send the same JSON with other statuses, such as
 * 200. */
static int
token_read_response(const struct token_exchange *exchange,
    const struct http_response *response, struct json_document **ret_answer,
    char ret_error[TOKEN_ERROR_SIZE], struct error *err)
{
	struct error no_answer;
	struct json_document *answer;
	int attempt = 0;
	int result = 0;
	bool is_good;

	do {
		answer = json_document_parse(response->body, exchange->url,
		    &no_answer);
	} while (answer == NULL && clock_await_memory(&no_answer, &attempt));
	is_good = response->status == STATUS_OK &&
	    (answer == NULL || json_document_text(answer, "error") == NULL);
	if (!is_good) {
		result = token_explain_error(exchange, response, answer,
		    ret_error, err);
	} else if (exchange->which == ENDPOINT_REVOCATION) {
		*ret_answer = NULL; /* RFC 7009 2.2: the content is ignored */
	} else if (answer == NULL) {
		*err = no_answer;
		result = status_failure_explain_content(err);
	} else {
		*ret_answer = answer;
	}
	if (result == -1 || exchange->which == ENDPOINT_REVOCATION)
		json_document_free(answer);
	return result;
}

static int
token_explain_error(const struct token_exchange *exchange,
    const struct http_response *response, const struct json_document *answer,
    char ret_error[TOKEN_ERROR_SIZE], struct error *err)
{
	const struct account *account = exchange->client->account;
	const char *error = token_response_text(exchange, answer, error_names);
	struct endpoint_request request;
	char description[DESCRIPTION_MAX];

	if (error == NULL) {
		error_set(err, ERROR_REFUSED,
		    "%s: the server returned HTTP status %ld", exchange->url,
		    response->status);
		return status_failure_explain(response->status, err);
	}
	text_printable(ret_error, TOKEN_ERROR_SIZE, error, strlen(error));
	token_describe_error(exchange, answer, description, sizeof description);
	error_set(err, ERROR_AUTH, "%s: %s%s%s", exchange->url, ret_error,
	    *description != '\0' ? ": " : "", description);
	if (status_failure_is_servers(response->status))
		return status_failure_explain(response->status, err);
	request = token_endpoint_request(exchange->client);
	endpoint_failure_explain(err, ret_error, &request);
	if (err->cause == NULL)
		token_explain_unknown(response->status, account, err);
	if (strcmp(error, "invalid_client") == 0 ||
	    account->text[SETTING_CLIENT_KEY] != NULL)
		token_hint_clock(response, err);
	return -1;
}

/* An error that is in no standard. */
static void
token_explain_unknown(long status, const struct account *account,
    struct error *err)
{
	if (status == STATUS_NOT_FOUND || status == STATUS_WRONG_METHOD) {
		status_failure_explain(status, err);
		return;
	}
	error_set_cause(err, "token-endpoint");
	error_hint(err,
	    "sign in again: postrider login %s; if it repeats, ask the "
	    "operator of the endpoint what this error means",
	    account_label(account));
}

struct endpoint_request
token_endpoint_request(const struct token_client *client)
{
	struct endpoint_request request =
	    endpoint_request_of(client->account, client->at);

	if (request.client == ENDPOINT_CLIENT_ANY)
		request.client = client->client_secret != NULL
		    ? ENDPOINT_CLIENT_SECRET
		    : ENDPOINT_CLIENT_PUBLIC;
	return request;
}

/* Copies the description without the trace IDs that Microsoft appends. */
static void
token_describe_error(const struct token_exchange *exchange,
    const struct json_document *answer, char *out, size_t out_size)
{
	const char *text =
	    token_response_text(exchange, answer, description_names);
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

/* Returns the first of some texts, or NULL if it contains one of our secrets.
 */
static const char *
token_response_text(const struct token_exchange *exchange,
    const struct json_document *answer, const struct response_name *names)
{
	const struct secret *secret = exchange->client->client_secret;
	const char *text = NULL;

	for (; answer != NULL && text == NULL && names->name != NULL; names++)
		text = names->outer == NULL
		    ? json_document_text(answer, names->name)
		    : json_document_inner_text(answer, names->outer,
			  names->name);
	if (text == NULL || form_secrets_found_in(text, exchange->form))
		return NULL;
	/* It may have been sent in a header field instead of the form. */
	if (secret != NULL && secret_len(secret) > 0 &&
	    strstr(text, secret_bytes(secret)) != NULL)
		return NULL;
	return text;
}

/* A signed assertion is valid only if the clocks agree. */
static void
token_hint_clock(const struct http_response *response, struct error *err)
{
	enum {
		SKEW_MAX_S = 300
	};
	int64_t skew_s = (int64_t)time(NULL) - response->date;

	if (response->date == 0 ||
	    (skew_s >= -SKEW_MAX_S && skew_s <= SKEW_MAX_S))
		return;
	error_set_cause(err, "clock-wrong");
	error_hint(err,
	    "set this computer's clock, which is %lld minutes %s, and try "
	    "again",
	    (long long)(skew_s < 0 ? -skew_s : skew_s) / 60,
	    skew_s < 0 ? "slow" : "fast");
}

static int
tokens_take(const struct json_document *answer, const char *url,
    struct tokens *tokens, struct error *err)
{
	const char *type = json_document_text(answer, "token_type");
	const char *scope = json_document_text(answer, "scope");

	if (json_document_secret(answer, "access_token", &tokens->access,
		err) == -1 ||
	    json_document_secret(answer, "refresh_token", &tokens->refresh,
		err) == -1)
		return -1;
	if (tokens->access == NULL || !is_token_text(tokens->access) ||
	    (tokens->refresh != NULL && !is_token_text(tokens->refresh)))
		return token_no_answer(url, err);
	if (type != NULL && !text_equals(type, "bearer"))
		return error_set(err, ERROR_REFUSED,
		    "%s: returned a token of type %.32s, not a bearer token",
		    url, type);
	tokens->lifetime_s =
	    json_document_seconds(answer, "expires_in", TOKEN_LIFETIME_S);
	if (scope != NULL) {
		tokens->scope = strdup(scope);
		if (tokens->scope == NULL)
			return error_no_memory(err);
	}
	return 0;
}

static int
token_no_answer(const char *url, struct error *err)
{
	error_set(err, ERROR_TEMPORARY,
	    "%s: the response contains no access token", url);
	return status_failure_explain_content(err);
}

/* RFC 6749 A.12: visible ASCII. Other characters could end a protocol field. */
static bool
is_token_text(const struct secret *secret)
{
	const char *bytes = secret_bytes(secret);

	for (size_t i = 0; i < secret_len(secret); i++) {
		if (bytes[i] <= ' ' || bytes[i] > '~')
			return false;
	}
	return true;
}

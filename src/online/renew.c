/* SPDX-License-Identifier: MIT */
/*
 * renew and endpoints: the operations that need no person. Whether a renewal is
 * due is the decision of postrider-credential, which holds the lock.
 */
#include "online/operations.h"

#include "oauth2/grant.h"
#include "online/token-answer.h"

static int find_endpoint(const struct operation_request *request,
    struct error *err);
static int obtain_tokens(const struct operation_request *request,
    struct tokens *tokens, struct error *err);

int
operation_renew(const struct operation_request *request, struct error *err)
{
	struct tokens tokens = {0};

	if (find_endpoint(request, err) == -1 ||
	    obtain_tokens(request, &tokens, err) == -1)
		return -1;
	return token_answer_write(request->answer_fd, request->client, &tokens,
	    err);
}

int
operation_endpoints(const struct operation_request *request, struct error *err)
{
	struct endpoints *endpoints = request->client->endpoints;

	if (endpoints_require(endpoints, ENDPOINT_TOKEN,
		request->client->deadline_ms, err) == -1)
		return -1;
	return token_answer_write_endpoints(request->answer_fd, endpoints, err);
}

/* Only the issuer's document says how a client secret must be sent. */
static int
find_endpoint(const struct operation_request *request, struct error *err)
{
	const struct token_client *client = request->client;
	const struct credential_message *question = request->question;

	if (client->client_secret == NULL &&
	    endpoints_remember(client->endpoints,
		question->value[CREDENTIAL_ISSUER],
		question->value[CREDENTIAL_TOKEN_URL], err) == -1)
		return -1;
	return endpoints_require(client->endpoints, ENDPOINT_TOKEN,
	    client->deadline_ms, err);
}

static int
obtain_tokens(const struct operation_request *request, struct tokens *tokens,
    struct error *err)
{
	const struct token_client *client = request->client;
	const struct secret *refresh_token = request->question->refresh_token;
	bool is_over = false;
	struct error ignored;

	if (account_is(client->account, SETTING_GRANT, "client-credentials"))
		return grant_client_credentials(client, tokens, err);
	if (refresh_token == NULL)
		return error_set(err, ERROR_DATA,
		    "renew: the request has no refresh token");
	if (grant_refresh(client, refresh_token, tokens, &is_over, err) == 0)
		return 0;
	if (is_over)
		token_answer_write_refusal(request->answer_fd, err->message,
		    &ignored);
	return -1;
}

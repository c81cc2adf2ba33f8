/* SPDX-License-Identifier: MIT */
/*
 * revoke: ends a sign-in at the server (RFC 7009).
 */
#include "online/operations.h"

#include <stdio.h>

#include "https/form.h"
#include "oauth2/token.h"

static int send_revocation(const struct operation_request *request,
    struct error *err);

int
operation_revoke(const struct operation_request *request, struct error *err)
{
	struct endpoints *endpoints = request->client->endpoints;
	const struct credential_message *question = request->question;
	const char *provider = request->account->provider->name;

	if (endpoints_look_up(endpoints, ENDPOINT_REVOCATION,
		request->client->deadline_ms, err) == -1)
		return -1;
	if (!endpoints_issued(endpoints, question->value[CREDENTIAL_ISSUER],
		question->value[CREDENTIAL_TOKEN_URL]))
		printf("the sign-in belongs to another server than that of %s: "
		       "end it in the account's settings on the web\n",
		    provider);
	else if (endpoints->url[ENDPOINT_REVOCATION] == NULL)
		printf("%s can't revoke a sign-in: end it in the "
		       "account's settings on the web\n",
		    provider);
	else if (send_revocation(request, err) == -1)
		return -1;
	else
		printf("revoked the sign-in at %s\n", provider);
	if (fflush(stdout) == EOF)
		return error_set_errno(err, ERROR_IO, "standard output");
	return 0;
}

/* RFC 7009 2.1: revoking the refresh token revokes its access tokens too. */
static int
send_revocation(const struct operation_request *request, struct error *err)
{
	const struct token_client *client = request->client;
	const struct credential_message *question = request->question;
	bool is_refresh = question->refresh_token != NULL;
	const struct secret *token =
	    is_refresh ? question->refresh_token : question->password;
	char error[TOKEN_ERROR_SIZE];
	struct json_document *nothing = NULL;
	struct secret *form;
	int result = -1;

	if (token == NULL)
		return error_set(err, ERROR_DATA,
		    "revoke: the request has no token");
	form = secret_new(err);
	if (form != NULL && form_add_secret(form, "token", token, err) == 0 &&
	    form_add(form, "token_type_hint",
		is_refresh ? "refresh_token" : "access_token", err) == 0 &&
	    endpoints_require(client->endpoints, ENDPOINT_TOKEN,
		client->deadline_ms, err) == 0)
		result = token_post(client, ENDPOINT_REVOCATION, form, &nothing,
		    error, err);
	secret_free(form);
	return result;
}

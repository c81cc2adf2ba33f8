/* SPDX-License-Identifier: MIT */
/*
 * login: gets the first tokens by one of the grants. postrider-credential
 * stores them; postrider tries them at the mail server.
 */
#include "online/operations.h"

#include <stdio.h>

#include "base/text.h"
#include "oauth2/grant.h"
#include "online/token-answer.h"

static int obtain_tokens(const struct operation_request *request,
    struct tokens *tokens, struct error *err);

int
operation_login(const struct operation_request *request, struct error *err)
{
	const struct token_client *client = request->client;
	const struct account *account = request->account;
	struct tokens tokens = {0};

	if (account->text[SETTING_CLIENT_ID] == NULL)
		return error_set(err, ERROR_CONFIG, "%s: client-id isn't set",
		    account_label(account));
	if (endpoints_require(client->endpoints, ENDPOINT_TOKEN,
		client->deadline_ms, err) == -1 ||
	    obtain_tokens(request, &tokens, err) == -1)
		return -1;
	return token_answer_write(request->answer_fd, client, &tokens, err);
}

static int
obtain_tokens(const struct operation_request *request, struct tokens *tokens,
    struct error *err)
{
	const struct token_client *client = request->client;
	const char *wanted =
	    helper_options_grant(request->options, client->account);
	const struct grant grant = {.client = *client,
	    .out = stdout,
	    .paste = request->options->paste};

	if (text_equals(wanted, "client-credentials"))
		return grant_client_credentials(client, tokens, err);
	if (text_equals(wanted, "device-code"))
		return grant_device_code(&grant, tokens, err);
	return grant_authorization_code(&grant, tokens, err);
}

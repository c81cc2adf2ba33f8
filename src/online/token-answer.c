/* SPDX-License-Identifier: MIT */
/*
 * Composes the answers of postrider-oauth2. An expiry is a time of the wall
 * clock, because other processes and git must understand it; that clock may be
 * set, so the time of issue is part of the answer too.
 */
#include "online/token-answer.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>

#include "base/clock.h"
#include "credential/credential-message.h"

enum {
	TIME_SIZE = 24
};

int
token_answer_write(int fd, const struct token_client *client,
    struct tokens *tokens, struct error *err)
{
	const struct endpoints *endpoints = client->endpoints;
	const int64_t now = (int64_t)time(NULL);
	char issued[TIME_SIZE];
	char expiry[TIME_SIZE];
	const struct credential_message answer =
	    {.value = {[CREDENTIAL_ISSUED] = issued,
		 [CREDENTIAL_PASSWORD_EXPIRY] = expiry,
		 [CREDENTIAL_CLIENT_ID] =
		     client->account->text[SETTING_CLIENT_ID],
		 [CREDENTIAL_ISSUER] = endpoints->issuer,
		 [CREDENTIAL_TOKEN_URL] = endpoints->url[ENDPOINT_TOKEN]},
		.password = tokens->access,
		.refresh_token = tokens->refresh};
	int attempt = 0;
	int result;

	snprintf(issued, sizeof issued, "%" PRId64, now);
	snprintf(expiry, sizeof expiry, "%" PRId64, now + tokens->lifetime_s);
	do {
		result = credential_message_write(&answer, fd, err);
	} while (result == -1 && clock_await_memory(err, &attempt));
	tokens_done(tokens);
	return result;
}

int
token_answer_write_endpoints(int fd, const struct endpoints *endpoints,
    struct error *err)
{
	const struct credential_message answer = {
	    .value = {[CREDENTIAL_ISSUER] = endpoints->issuer,
		[CREDENTIAL_TOKEN_URL] = endpoints->url[ENDPOINT_TOKEN]}};

	return credential_message_write(&answer, fd, err);
}

int
token_answer_write_refusal(int fd, const char *reason, struct error *err)
{
	const struct credential_message answer = {
	    .value = {[CREDENTIAL_REFUSAL] = reason}};

	return credential_message_write(&answer, fd, err);
}

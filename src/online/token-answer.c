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

static int set_facts(struct credential_message *answer,
    const struct token_client *client, int64_t lifetime_s, struct error *err);
static int set_endpoints(struct credential_message *answer,
    const struct endpoints *endpoints, struct error *err);
static int set_time(struct credential_message *answer, enum credential_key key,
    int64_t value, struct error *err);

int
token_answer_write(int fd, const struct token_client *client,
    struct tokens *tokens, struct error *err)
{
	const int64_t lifetime_s = tokens->lifetime_s;
	struct credential_message answer;
	int attempt = 0;
	int result;

	credential_message_init(&answer);
	answer.password = tokens->access;
	answer.refresh_token = tokens->refresh;
	tokens->access = tokens->refresh = NULL;
	do {
		result = set_facts(&answer, client, lifetime_s, err);
		if (result == 0)
			result = credential_message_write(&answer, fd, err);
	} while (result == -1 && clock_await_memory(err, &attempt));
	credential_message_done(&answer);
	tokens_done(tokens);
	return result;
}

int
token_answer_write_endpoints(int fd, const struct endpoints *endpoints,
    struct error *err)
{
	struct credential_message answer;
	int result;

	credential_message_init(&answer);
	result = set_endpoints(&answer, endpoints, err);
	if (result == 0)
		result = credential_message_write(&answer, fd, err);
	credential_message_done(&answer);
	return result;
}

int
token_answer_write_refusal(int fd, const char *reason, struct error *err)
{
	struct credential_message answer;
	int result;

	credential_message_init(&answer);
	result =
	    credential_message_set(&answer, CREDENTIAL_REFUSAL, reason, err);
	if (result == 0)
		result = credential_message_write(&answer, fd, err);
	credential_message_done(&answer);
	return result;
}

/* What is known of the tokens. */
static int
set_facts(struct credential_message *answer, const struct token_client *client,
    int64_t lifetime_s, struct error *err)
{
	const int64_t now = (int64_t)time(NULL);

	if (set_time(answer, CREDENTIAL_ISSUED, now, err) == -1 ||
	    set_time(answer, CREDENTIAL_PASSWORD_EXPIRY, now + lifetime_s,
		err) == -1 ||
	    credential_message_set(answer, CREDENTIAL_CLIENT_ID,
		client->account->text[SETTING_CLIENT_ID], err) == -1)
		return -1;
	return set_endpoints(answer, client->endpoints, err);
}

static int
set_endpoints(struct credential_message *answer,
    const struct endpoints *endpoints, struct error *err)
{
	if (credential_message_set(answer, CREDENTIAL_ISSUER, endpoints->issuer,
		err) == -1)
		return -1;
	return credential_message_set(answer, CREDENTIAL_TOKEN_URL,
	    endpoints->url[ENDPOINT_TOKEN], err);
}

static int
set_time(struct credential_message *answer, enum credential_key key,
    int64_t value, struct error *err)
{
	char text[TIME_SIZE];

	snprintf(text, sizeof text, "%" PRId64, value);
	return credential_message_set(answer, key, text, err);
}

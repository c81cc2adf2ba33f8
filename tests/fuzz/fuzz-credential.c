/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as a message of git's credential protocol: what is taken from it is
 * the same when written and read again, and no error repeats what it says.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "credential/credential-message.h"

#include "fuzz.h"

static struct secret *
make_secret(const void *bytes, size_t len)
{
	struct error err;
	struct secret *secret = secret_new(&err);

	require(secret != NULL && secret_add(secret, bytes, len, &err) == 0);
	return secret;
}

static bool
same_text(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static bool
same_secret(const struct secret *a, const struct secret *b)
{
	if (a == NULL || b == NULL)
		return a == b;
	return secret_len(a) == secret_len(b) &&
	    memcmp(secret_bytes(a), secret_bytes(b), secret_len(a)) == 0;
}

static void
check_bytes(const struct credential_message *message)
{
	for (size_t i = 0; i < CREDENTIAL_KEY_COUNT; i++) {
		if (message->value[i] != NULL)
			require(strpbrk(message->value[i], "\r\n") == NULL);
	}
	if (message->password != NULL)
		require(strchr(secret_bytes(message->password), '\n') == NULL);
}

/* Two line ends more than were read of len bytes may not fit. */
static void
check_reads_as_itself(const struct credential_message *message, size_t len)
{
	struct credential_message again;
	struct error err;
	struct secret *text = make_secret("", 0);

	credential_message_init(&again);
	if (credential_message_format(message, text, &err) == -1) {
		require(err.code == ERROR_DATA && len + 2 > SECRET_MAX);
	} else {
		require(credential_message_parse(&again, text, &err) == 0);
		for (size_t i = 0; i < CREDENTIAL_KEY_COUNT; i++)
			require(same_text(message->value[i], again.value[i]));
		require(same_secret(message->password, again.password));
		require(
		    same_secret(message->refresh_token, again.refresh_token));
	}
	credential_message_done(&again);
	secret_free(text);
}

/* Brackets within a name are nobody's, and may be read otherwise again. */
static void
check_server(struct credential_message *message)
{
	char *host = NULL;
	char *again = NULL;
	char *server = NULL;
	uint16_t port = 0;
	uint16_t port_again = 0;
	struct error err;

	if (credential_message_split_server(message, &host, &port, &err) ==
	    -1) {
		require(err.code == ERROR_DATA);
		require(message->value[CREDENTIAL_HOST] == NULL);
		return;
	}
	if (strpbrk(host, "[]") == NULL) {
		server = credential_message_server(host, port, &err);
		require(server != NULL &&
		    credential_message_set(message, CREDENTIAL_HOST, server,
			&err) == 0);
		require(credential_message_split_server(message, &again,
			    &port_again, &err) == 0);
		require(strcmp(host, again) == 0 && port == port_again);
	}
	free(server);
	free(host);
	free(again);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct credential_message message;
	struct secret *text;
	struct error err;

	if (len > SECRET_MAX)
		return 0;
	text = make_secret(data, len);
	credential_message_init(&message);
	if (credential_message_parse(&message, text, &err) == 0) {
		check_bytes(&message);
		check_reads_as_itself(&message, len);
		check_server(&message);
	} else {
		require(err.code == ERROR_DATA);
		require(strncmp(err.message, "line ", strlen("line ")) == 0);
	}
	credential_message_done(&message);
	secret_free(text);
	return 0;
}

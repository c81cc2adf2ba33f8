/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as what a server asks in a sign-in: no mechanism leaves its bounds,
 * says anything but base64 in one line, shows the password that isn't to be
 * shown, or believes a server that proved nothing.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <gsasl.h>

#include "smtp/params.h"
#include "smtp/sasl.h"

static const char password[] = "a password of ours";

/* Kerberos isn't there: it would ask the network. */
static const char *const names[] = {"SCRAM-SHA-1", "SCRAM-SHA-256", "PLAIN",
    "LOGIN", "DIGEST-MD5", "CRAM-MD5", "NTLM", "XOAUTH2", "OAUTHBEARER",
    "EXTERNAL", "ANONYMOUS"};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void
require(bool holds)
{
	if (!holds)
		abort();
}

static void
check_response(const struct sasl_mechanism *mechanism,
    const struct secret *response)
{
	const char *text = secret_bytes(response);
	char *decoded = NULL;
	size_t len = 0;

	require(strpbrk(text, "\r\n ") == NULL);
	require(gsasl_base64_from(text, secret_len(response), &decoded, &len) ==
	    GSASL_OK);
	if ((mechanism->traits & SASL_SHOWS_SECRET) == 0 && len > 0)
		require(
		    memmem(decoded, len, password, strlen(password)) == NULL);
	gsasl_free(decoded);
}

/* One step; challenge NULL is the initial response. */
static bool
step(struct sasl *sasl, const struct sasl_mechanism *mechanism,
    const char *challenge)
{
	struct error err;
	struct secret *response = secret_new(&err);
	int result;

	require(response != NULL);
	result = sasl_step(sasl, challenge, response, &err);
	if (result == 0)
		check_response(mechanism, response);
	else
		require(err.code != ERROR_NONE && err.code != ERROR_BUG &&
		    strstr(err.message, password) == NULL);
	secret_free(response);
	/* Nobody guesses the proof of a key that he doesn't have. */
	require((mechanism->traits & SASL_PROVES_SERVER) == 0 ||
	    !sasl_is_done(sasl));
	return result == 0;
}

/* The first byte is the mechanism; each line a challenge, not yet encoded. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	const char *at = (const char *)data + 1;
	const char *end = (const char *)data + len;
	struct error err;
	struct secret *secret;
	struct smtp_params params = {.user = "alice",
	    .host = "mail.example.test",
	    .port = 587};
	const struct sasl_mechanism *mechanism;
	struct sasl *sasl;
	bool goes_on;

	/* A server that knows it may say it, and an error quotes servers. */
	if (len > 0 && memmem(data, len, password, strlen(password)) != NULL)
		return 0;
	secret = secret_new(&err);
	require(secret != NULL &&
	    secret_add(secret, password, strlen(password), &err) == 0);
	mechanism = sasl_find(
	    names[len > 0 ? data[0] % (sizeof names / sizeof *names) : 0]);
	require(mechanism != NULL);
	sasl = sasl_new(mechanism, &params, secret, NULL, &err);
	require(sasl != NULL);
	goes_on = (mechanism->traits & SASL_SERVER_FIRST) != 0 ||
	    step(sasl, mechanism, NULL);
	while (goes_on && len > 0 && at < end) {
		const char *stop = memchr(at, '\n', (size_t)(end - at));
		size_t line_len = (size_t)((stop != NULL ? stop : end) - at);
		char *challenge = NULL;

		require(gsasl_base64_to(at, line_len, &challenge, NULL) ==
		    GSASL_OK);
		goes_on = step(sasl, mechanism, challenge);
		gsasl_free(challenge);
		at += line_len + 1;
	}
	sasl_free(sasl);
	secret_free(secret);
	return 0;
}

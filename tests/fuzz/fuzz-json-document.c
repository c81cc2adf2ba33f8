/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as an endpoint's answer: it is an object or refused in our words,
 * and what is asked of it has the promised bounds, whatever type a member is.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "config/endpoint-failure.h"
#include "https/json-document.h"
#include "oauth2/form-secrets.h"
#include "https/form.h"

#include "fuzz.h"

/* What token.c, grant-device.c and endpoints.c ask for. */
static const char *const names[] = {"access_token", "refresh_token",
    "token_type", "expires_in", "scope", "error", "error_description",
    "interval", "device_code", "issuer", "token_endpoint",
    "code_challenge_methods_supported",
    "authorization_response_iss_parameter_supported"};

static void
check_secret(const struct json_document *document, const char *name)
{
	const char *text = json_document_text(document, name);
	struct secret *secret = NULL;
	struct error err;

	require(json_document_secret(document, name, &secret, &err) == 0);
	if (text == NULL || *text == '\0')
		require(secret == NULL);
	else
		require(strcmp(secret_bytes(secret), text) == 0);
	secret_free(secret);
}

static void
check_member(const struct json_document *document, const char *name)
{
	int64_t seconds = json_document_seconds(document, name, -1);
	bool is_text = json_document_text(document, name) != NULL;
	bool is_list = json_document_list_has(document, name, "S256");

	require(seconds >= -1 && seconds <= INT32_MAX);
	require(is_text + is_list + json_document_is_true(document, name) <= 1);
	check_secret(document, name);
}

/* As token.c makes an error of it. */
static void
check_error(const struct json_document *document, const struct secret *form)
{
	const char *error = json_document_text(document, "error");
	const char *description =
	    json_document_text(document, "error_description");
	const struct endpoint_request request = {.account = "me"};
	struct error err;

	if (description == NULL || form_secrets_found_in(description, form))
		description = "";
	require(strstr(description, "hidden value") == NULL);
	error_set(&err, ERROR_AUTH, "%s", description);
	require(endpoint_failure_explain(&err, error, &request) == -1);
	check_text(err.message);
	check_text(err.hint);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct error err;
	struct secret *form = secret_new(&err);
	struct secret *text = secret_new(&err);
	struct json_document *document;

	require(form != NULL && text != NULL);
	require(form_add(form, "refresh_token", "hidden value", &err) == 0);
	if (secret_add(text, data, len, &err) == 0) {
		document = json_document_parse(text, "https://a.test", &err);
		if (document == NULL) {
			require(err.code == ERROR_TEMPORARY);
			check_text(err.message);
		} else {
			for (size_t i = 0; i < sizeof names / sizeof *names;
			     i++)
				check_member(document, names[i]);
			check_error(document, form);
		}
		json_document_free(document);
	}
	secret_free(form);
	secret_free(text);
	return 0;
}

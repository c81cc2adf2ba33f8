/* SPDX-License-Identifier: MIT */
/*
 * Searches a text for the values of a form's secret fields. Other fields, such
 * as client_id, may appear in a message, where they help to find the mistake.
 */
#include "oauth2/form-secrets.h"

#include <stddef.h>
#include <string.h>

#include "https/form.h"

/* RFC 6749 4.1.3, 6 and 2.3.1; RFC 7009 2.1, 7523 2.2, 7636 4.5, 8628 3.4. */
static const char *const secret_fields[] = {"code", "refresh_token",
    "client_secret", "token", "client_assertion", "code_verifier",
    "device_code"};

static bool is_secret_field(const struct form_pair *pair);
static bool contains_form_value(const char *text, const struct form_pair *pair);

bool
form_secrets_found_in(const char *text, const struct secret *form)
{
	const char *at = secret_bytes(form);
	size_t left = secret_len(form);
	struct form_pair pair;

	while (form_next(&at, &left, &pair)) {
		if (is_secret_field(&pair) && contains_form_value(text, &pair))
			return true;
	}
	return false;
}

static bool
is_secret_field(const struct form_pair *pair)
{
	for (size_t i = 0; i < sizeof secret_fields / sizeof *secret_fields;
	     i++) {
		if (form_pair_is(pair, secret_fields[i]))
			return true;
	}
	return false;
}

static bool
contains_form_value(const char *text, const struct form_pair *pair)
{
	struct error ignored;
	struct secret *value;
	bool holds;

	if (pair->value_len == 0)
		return false;
	if (memmem(text, strlen(text), pair->value, pair->value_len) != NULL)
		return true;
	value = secret_new(&ignored);
	holds = value == NULL ||
	    form_pair_decode(pair, value, &ignored) == -1 ||
	    strstr(text, secret_bytes(value)) != NULL;
	secret_free(value);
	return holds;
}

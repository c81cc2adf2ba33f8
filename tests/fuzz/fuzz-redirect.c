/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as what a browser brings back, and as a line that a person pastes:
 * what is taken out of them is the same when written and read again, a code
 * that is used is visible, and an error shows nothing but text.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "https/form.h"
#include "oauth2/paste.h"
#include "oauth2/redirect.h"

#include "fuzz.h"

static const char place[] = "127.0.0.1:80/";
static const char *const names[REDIRECT_PARAMETER_COUNT] = {"code", "state",
    "iss", "error", "error_description"};

static bool
same(const struct secret *a, const struct secret *b)
{
	if (a == NULL || b == NULL)
		return a == b;
	return secret_len(a) == secret_len(b) &&
	    memcmp(secret_bytes(a), secret_bytes(b), secret_len(a)) == 0;
}

/* A form of the same values may be too long: %XX is three bytes. */
static void
check_reads_as_itself(const struct redirect *redirect)
{
	struct redirect again;
	struct error err;
	struct secret *form = secret_new(&err);
	bool fits = true;

	require(form != NULL);
	for (int i = 0; fits && i < REDIRECT_PARAMETER_COUNT; i++) {
		if (redirect->value[i] != NULL)
			fits = form_add_secret(form, names[i],
				   redirect->value[i], &err) == 0;
	}
	redirect_init(&again);
	if (fits) {
		require(redirect_parse(&again, secret_bytes(form),
			    secret_len(form), &err) == 0);
		for (int i = 0; i < REDIRECT_PARAMETER_COUNT; i++)
			require(same(redirect->value[i], again.value[i]));
	}
	redirect_done(&again);
	secret_free(form);
}

static void
check_code(const struct secret *code)
{
	require(code != NULL && secret_len(code) > 0);
	require(strlen(secret_bytes(code)) == secret_len(code));
	check_text(secret_bytes(code));
}

static void
check_answer(const struct redirect *redirect)
{
	static const char issuer[] = "https://a.test";
	const struct secret *iss = redirect->value[REDIRECT_ISS];
	struct error err;
	struct secret *state = secret_new(&err);

	require(state != NULL && secret_add(state, "s", 1, &err) == 0);
	if (redirect_check_state(redirect, state, &err) == 0)
		require(same(redirect->value[REDIRECT_STATE], state));
	else
		require(err.code == ERROR_DATA);
	secret_free(state);
	if (redirect_check_result(redirect, issuer, true, &err) == 0) {
		require(strcmp(secret_bytes(iss), issuer) == 0);
		require(redirect->value[REDIRECT_ERROR] == NULL);
		check_code(redirect->value[REDIRECT_CODE]);
	} else {
		require(err.code == ERROR_AUTH || err.code == ERROR_SECURITY);
		check_text(err.message);
	}
	if (redirect_check_result(redirect, NULL, false, &err) == 0)
		check_code(redirect->value[REDIRECT_CODE]);
	else
		check_text(err.message);
}

static void
check_query(const char *query, size_t len)
{
	struct redirect redirect;
	struct error err;
	/* What is read behind its end is found. */
	char *exact = malloc(len > 0 ? len : 1);

	require(exact != NULL);
	memcpy(exact, query, len);
	redirect_init(&redirect);
	if (redirect_parse(&redirect, exact, len, &err) == 0) {
		check_reads_as_itself(&redirect);
		check_answer(&redirect);
	} else {
		require(err.code == ERROR_DATA);
		check_text(err.message);
	}
	redirect_done(&redirect);
	free(exact);
}

/* The bytes as a code, before they are encoded. */
static void
check_value(const uint8_t *data, size_t len)
{
	struct redirect redirect;
	struct error err;

	redirect_init(&redirect);
	redirect.value[REDIRECT_CODE] = secret_new(&err);
	require(redirect.value[REDIRECT_CODE] != NULL);
	if (len > 0 &&
	    secret_add(redirect.value[REDIRECT_CODE], data, len, &err) == 0)
		check_reads_as_itself(&redirect);
	redirect_done(&redirect);
}

static void
check_line(const char *before, const uint8_t *data, size_t len, bool is_query)
{
	struct error err;
	struct secret *line = secret_new(&err);
	const char *query = NULL;
	size_t query_len = 0;

	require(line != NULL);
	if (secret_add(line, before, strlen(before), &err) == 0 &&
	    secret_add(line, data, len, &err) == 0) {
		const char *bytes = secret_bytes(line);
		bool found = paste_find_query(line, place, &query, &query_len);

		require(found || !is_query);
		if (found) {
			require(query > bytes && query[-1] == '?');
			require(query + query_len <= bytes + secret_len(line));
			check_query(query, query_len);
		}
	}
	secret_free(line);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	check_query((const char *)data, len);
	check_value(data, len);
	check_line("", data, len, false);
	check_line(" <http://127.0.0.1:80/?", data, len, true);
	return 0;
}

/* SPDX-License-Identifier: MIT */
/* Tests the responses of XOAUTH2 and OAUTHBEARER with published examples. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "smtp/bearer.h"
#include "smtp/params.h"

/* Returns the response for the token, or NULL. The caller frees. */
static struct secret *
respond(const char *mechanism, const char *user, const char *host,
    uint16_t port, const char *token, struct error *err)
{
	struct secret *secret = secret_new(err);
	struct secret *response = secret_new(err);
	struct smtp_params params = {.user = user, .host = host, .port = port};

	assert_non_null(secret);
	assert_non_null(response);
	assert_int_equal(secret_add(secret, token, strlen(token), err), 0);
	if (bearer_response(sasl_find(mechanism), &params, secret, response,
		err) == -1) {
		secret_free(response);
		response = NULL;
	}
	secret_free(secret);
	return response;
}

/* RFC 7628 section 4.1, and Google's "XOAUTH2 Mechanism". */
static void
says_the_words_of_the_examples(void **state)
{
	static const struct {
		const char *mechanism;
		const char *user;
		const char *host;
		uint16_t port;
		const char *token;
		const char *response;
	} rows[] = {
	    {"OAUTHBEARER", "user@example.com", "server.example.com", 587,
		"vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==",
		"bixhPXVzZXJAZXhhbXBsZS5jb20sAWhvc3Q9c2VydmVyLmV4YW1wbGUuY29tAX"
		"BvcnQ9NTg3AWF1dGg9QmVhcmVyIHZGOWRmdDRxbVRjMk52YjNSbGNrQmhiSFJo"
		"ZG1semRHRXVZMjl0Q2c9PQEB"},
	    {"XOAUTH2", "someuser@example.com", "h", 1,
		"ya29.vF9dft4qmTc2Nvb3RlckBhdHRhdmlzdGEuY29tCg",
		"dXNlcj1zb21ldXNlckBleGFtcGxlLmNvbQFhdXRoPUJlYXJlciB5YTI5LnZGOW"
		"RmdDRxbVRjMk52YjNSbGNrQmhkSFJoZG1semRHRXVZMjl0Q2cBAQ=="},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct error err;
		struct secret *response =
		    respond(rows[i].mechanism, rows[i].user, rows[i].host,
			rows[i].port, rows[i].token, &err);

		assert_non_null(response);
		assert_string_equal(secret_bytes(response), rows[i].response);
		secret_free(response);
	}
}

static void
refuses_names_that_would_be_another_field(void **state)
{
	static const struct {
		const char *mechanism;
		const char *user;
	} rows[] = {
	    {"OAUTHBEARER", "a,b"},
	    {"OAUTHBEARER", "a=b"},
	    {"OAUTHBEARER", "a\001auth=Bearer x"},
	    {"XOAUTH2", "a\001auth=Bearer x"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct error err;

		assert_null(respond(rows[i].mechanism, rows[i].user, "h", 1,
		    "t", &err));
		assert_int_equal(err.code, ERROR_AUTH);
	}
}

static void
refuses_a_name_that_is_too_long(void **state)
{
	char user[4000];
	struct error err;

	(void)state;
	memset(user, 'u', sizeof user - 1);
	user[sizeof user - 1] = '\0';
	assert_null(respond("XOAUTH2", user, "h", 1, "t", &err));
	assert_null(respond("OAUTHBEARER", user, "h", 1, "t", &err));
}

static void
acknowledges_a_refusal_as_each_wants_it(void **state)
{
	(void)state;
	assert_string_equal(bearer_acknowledgement(sasl_find("XOAUTH2")), "");
	assert_string_equal(bearer_acknowledgement(sasl_find("OAUTHBEARER")),
	    "AQ==");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(says_the_words_of_the_examples),
	    cmocka_unit_test(refuses_names_that_would_be_another_field),
	    cmocka_unit_test(refuses_a_name_that_is_too_long),
	    cmocka_unit_test(acknowledges_a_refusal_as_each_wants_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

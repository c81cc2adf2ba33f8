/* SPDX-License-Identifier: MIT */
/*
 * Tests the proof key: the challenge of the example in RFC 7636 B, and that
 * verifiers are random.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "oauth2/pkce.h"

static void
challenges_as_the_example_of_the_rfc(void **state)
{
	static const char verifier[] =
	    "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
	struct error err;
	struct secret *given = secret_new(&err);
	struct secret *challenge;

	(void)state;
	assert_non_null(given);
	assert_int_equal(secret_add(given, verifier, strlen(verifier), &err),
	    0);
	challenge = pkce_challenge(given, &err);
	assert_non_null(challenge);
	assert_string_equal(secret_bytes(challenge),
	    "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
	secret_free(challenge);
	secret_free(given);
}

static void
is_another_word_each_time(void **state)
{
	struct error err;
	struct secret *one = pkce_random(&err);
	struct secret *two = pkce_random(&err);

	(void)state;
	assert_non_null(one);
	assert_non_null(two);
	assert_int_equal(secret_len(one), 43);
	assert_int_equal(secret_len(two), 43);
	assert_string_not_equal(secret_bytes(one), secret_bytes(two));
	secret_free(one);
	secret_free(two);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(challenges_as_the_example_of_the_rfc),
	    cmocka_unit_test(is_another_word_each_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

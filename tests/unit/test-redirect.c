/* SPDX-License-Identifier: MIT */
/* Tests parsing a redirect, and checking its state and issuer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "oauth2/redirect.h"

static const char issuer[] = "https://accounts.example.com";

/* Parses, matches the state "s", and checks: the first failure ends it. */
static int
judge(const char *query, const char *expected, bool required, struct error *err)
{
	struct secret *state = secret_new(err);
	struct redirect redirect;
	int result;

	assert_non_null(state);
	assert_int_equal(secret_add(state, "s", 1, err), 0);
	memset(err, 0, sizeof *err);
	redirect_init(&redirect);
	result = redirect_parse(&redirect, query, strlen(query), err);
	if (result == 0)
		result = redirect_check_state(&redirect, state, err);
	if (result == 0)
		result =
		    redirect_check_result(&redirect, expected, required, err);
	redirect_done(&redirect);
	secret_free(state);
	return result;
}

static void
assert_refused(const char *query, enum error_code code, const char *message)
{
	struct error err;

	assert_int_equal(judge(query, issuer, false, &err), -1);
	assert_int_equal(err.code, code);
	assert_string_equal(err.message, message);
}

static void
reads_an_answer_in_any_order(void **state)
{
	static const char query[] =
	    "session_state=x&iss=&state=a%2Bb&code=1%2F2";
	struct redirect redirect;
	struct error err;

	(void)state;
	redirect_init(&redirect);
	assert_int_equal(redirect_parse(&redirect, query, strlen(query), &err),
	    0);
	assert_string_equal(secret_bytes(redirect.value[REDIRECT_CODE]), "1/2");
	assert_string_equal(secret_bytes(redirect.value[REDIRECT_STATE]),
	    "a+b");
	assert_null(redirect.value[REDIRECT_ISS]);
	assert_null(redirect.value[REDIRECT_ERROR]);
	redirect_done(&redirect);
}

static void
refuses_a_parameter_that_comes_twice(void **state)
{
	(void)state;
	assert_refused("state=s&code=1&state=s", ERROR_DATA,
	    "\"state\" appears twice");
	assert_refused("state=s&code=1&code=2", ERROR_DATA,
	    "\"code\" appears twice");
	assert_refused("state=s&code=&code=2", ERROR_DATA,
	    "\"code\" appears twice");
	assert_refused("state=s&code=1&c%6fde=2", ERROR_DATA,
	    "\"code\" appears twice");
}

static void
refuses_what_cannot_be_decoded(void **state)
{
	(void)state;
	assert_refused("state=s&code=%zz", ERROR_DATA,
	    "\"code\" cannot be decoded");
}

static void
refuses_another_state_or_none(void **state)
{
	(void)state;
	assert_refused("code=1", ERROR_DATA, "\"state\" is missing");
	assert_refused("code=1&state=", ERROR_DATA, "\"state\" is missing");
	assert_refused("code=1&state=t", ERROR_DATA, "\"state\" is wrong");
	assert_refused("code=1&state=ss", ERROR_DATA, "\"state\" is wrong");
	assert_refused("code=1&state=s%00", ERROR_DATA, "\"state\" is wrong");
	assert_refused("error=access_denied&state=t", ERROR_DATA,
	    "\"state\" is wrong");
}

static void
accepts_a_code_from_the_issuer(void **state)
{
	struct error err;

	(void)state;
	assert_int_equal(judge("code=1&state=s", NULL, false, &err), 0);
	assert_int_equal(judge("code=1&state=s", issuer, false, &err), 0);
	assert_int_equal(judge("code=1&state=s&iss=https%3A%2F%2Faccounts."
			       "example.com",
			     issuer, true, &err),
	    0);
	assert_int_equal(judge("code=1&state=s&iss=x", NULL, true, &err), 0);
}

static void
compares_the_issuer_byte_for_byte(void **state)
{
	(void)state;
	assert_refused("code=1&state=s&iss=https://accounts.example.com/",
	    ERROR_SECURITY,
	    "the response in the browser is from "
	    "https://accounts.example.com/, not from "
	    "https://accounts.example.com");
	assert_refused("code=1&state=s&iss=https://ACCOUNTS.example.com",
	    ERROR_SECURITY,
	    "the response in the browser is from "
	    "https://ACCOUNTS.example.com, not from "
	    "https://accounts.example.com");
}

static void
judges_the_issuer_before_what_it_says(void **state)
{
	struct error err;

	(void)state;
	assert_int_equal(judge("error=access_denied&state=s&iss=https://evil",
			     issuer, false, &err),
	    -1);
	assert_int_equal(err.code, ERROR_SECURITY);
}

static void
refuses_no_issuer_where_one_always_comes(void **state)
{
	struct error err;

	(void)state;
	assert_int_equal(judge("code=1&state=s", issuer, true, &err), -1);
	assert_int_equal(err.code, ERROR_SECURITY);
	assert_int_equal(judge("code=1&state=s&iss=", NULL, true, &err), -1);
	assert_int_equal(err.code, ERROR_SECURITY);
}

static void
says_that_a_person_declined(void **state)
{
	(void)state;
	assert_refused("error=access_denied&state=s", ERROR_AUTH,
	    "the sign-in was declined in the browser");
	assert_refused("error=access_denied&code=1&state=s"
		       "&error_description=AADSTS65004:+User+declined",
	    ERROR_AUTH,
	    "the sign-in was declined in the browser: "
	    "AADSTS65004: User declined");
}

static void
shows_other_errors_printable_and_capped(void **state)
{
	char query[4096] = "state=s&error=bad%1b%5bx&error_description=one%0a";
	struct error err;

	(void)state;
	assert_refused("state=s&error=server_error", ERROR_AUTH,
	    "the sign-in failed in the browser: server_error");
	assert_refused(query, ERROR_AUTH,
	    "the sign-in failed in the browser: bad\\x1B[x: one ");
	memset(query + strlen(query), 'y', 3000);
	assert_int_equal(judge(query, issuer, false, &err), -1);
	assert_in_range(strlen(err.message), 400, 500);
}

static void
refuses_an_answer_without_a_code(void **state)
{
	(void)state;
	assert_refused("state=s", ERROR_AUTH,
	    "the response in the browser contains neither a code nor an "
	    "error");
	assert_refused("state=s&code=", ERROR_AUTH,
	    "the response in the browser contains neither a code nor an "
	    "error");
	assert_refused("state=s&code=a%00b", ERROR_AUTH,
	    "the code in the browser's response contains invalid "
	    "characters");
	assert_refused("state=s&code=a%0d%0ab", ERROR_AUTH,
	    "the code in the browser's response contains invalid "
	    "characters");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(reads_an_answer_in_any_order),
	    cmocka_unit_test(refuses_a_parameter_that_comes_twice),
	    cmocka_unit_test(refuses_what_cannot_be_decoded),
	    cmocka_unit_test(refuses_another_state_or_none),
	    cmocka_unit_test(accepts_a_code_from_the_issuer),
	    cmocka_unit_test(compares_the_issuer_byte_for_byte),
	    cmocka_unit_test(judges_the_issuer_before_what_it_says),
	    cmocka_unit_test(refuses_no_issuer_where_one_always_comes),
	    cmocka_unit_test(says_that_a_person_declined),
	    cmocka_unit_test(shows_other_errors_printable_and_capped),
	    cmocka_unit_test(refuses_an_answer_without_a_code),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

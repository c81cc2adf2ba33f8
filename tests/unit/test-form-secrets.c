/* SPDX-License-Identifier: MIT */
/* Tests that secrets of a form are removed from a server's text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "oauth2/form-secrets.h"
#include "https/form.h"

static struct secret *
form_with(const char *name, const char *value)
{
	struct error err;
	struct secret *form = secret_new(&err);

	assert_non_null(form);
	assert_int_equal(form_add(form, "client_id", "me", &err), 0);
	assert_int_equal(form_add(form, name, value, &err), 0);
	assert_int_equal(form_add(form, "scope", "smtp", &err), 0);
	return form;
}

static void
finds_each_kind_of_secret(void **state)
{
	static const char *const names[] = {"code", "refresh_token",
	    "client_secret", "token", "client_assertion", "code_verifier",
	    "device_code"};

	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		struct secret *form = form_with(names[i], "hid den/");

		assert_true(
		    form_secrets_found_in("it was \"hid den/\"!", form));
		assert_true(form_secrets_found_in("code=hid%20den%2F&x", form));
		assert_false(form_secrets_found_in("it was hid", form));
		secret_free(form);
	}
}

static void
lets_be_quoted_what_is_no_secret(void **state)
{
	struct secret *form = form_with("redirect_uri", "http://127.0.0.1/");

	(void)state;
	assert_false(
	    form_secrets_found_in("client me: no http://127.0.0.1/ for smtp",
		form));
	secret_free(form);
}

static void
finds_nothing_where_a_secret_is_empty(void **state)
{
	struct secret *form = form_with("client_secret", "");

	(void)state;
	assert_false(form_secrets_found_in("anything", form));
	assert_false(form_secrets_found_in("", form));
	secret_free(form);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(finds_each_kind_of_secret),
	    cmocka_unit_test(lets_be_quoted_what_is_no_secret),
	    cmocka_unit_test(finds_nothing_where_a_secret_is_empty),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

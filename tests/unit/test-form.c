/* SPDX-License-Identifier: MIT */
/* Tests writing forms, and reading unusual ones. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "https/form.h"

static struct secret *
new_secret(void)
{
	struct error err;
	struct secret *secret = secret_new(&err);

	assert_non_null(secret);
	return secret;
}

/* Reads the next pair and checks its name and value. */
static void
assert_next(const char **at, size_t *left, const char *name, const char *value)
{
	struct secret *decoded = new_secret();
	struct form_pair pair;
	struct error err;

	assert_true(form_next(at, left, &pair));
	assert_true(form_pair_is(&pair, name));
	assert_int_equal(form_pair_decode(&pair, decoded, &err), 0);
	assert_string_equal(secret_bytes(decoded), value);
	secret_free(decoded);
}

static int
decode_value(const char *text, struct error *err)
{
	struct secret *decoded = new_secret();
	size_t left = strlen(text);
	struct form_pair pair;
	int result;

	assert_true(form_next(&text, &left, &pair));
	result = form_pair_decode(&pair, decoded, err);
	secret_free(decoded);
	return result;
}

static void
joins_pairs_and_encodes_both_sides(void **state)
{
	struct secret *form = new_secret();
	struct secret *value = new_secret();
	struct error err;

	(void)state;
	assert_int_equal(secret_add(value, "a\0&=+\xc3\xa9%", 8, &err), 0);
	assert_int_equal(form_add(form, "grant type", "a b", &err), 0);
	assert_int_equal(form_add(form, "free", "aZ09-._~", &err), 0);
	assert_int_equal(form_add_secret(form, "code", value, &err), 0);
	assert_int_equal(form_add(form, "empty", "", &err), 0);
	assert_string_equal(secret_bytes(form),
	    "grant%20type=a%20b&free=aZ09-._~&"
	    "code=a%00%26%3D%2B%C3%A9%25&empty=");
	secret_free(value);
	secret_free(form);
}

static void
steps_through_pairs(void **state)
{
	const char *at = "&a=1&&b=x%3D%26y&c&d=&e=f=g+h%2b&";
	size_t left = strlen(at);
	struct form_pair pair;

	(void)state;
	assert_next(&at, &left, "a", "1");
	assert_next(&at, &left, "b", "x=&y");
	assert_next(&at, &left, "c", "");
	assert_next(&at, &left, "d", "");
	assert_next(&at, &left, "e", "f=g h+");
	assert_false(form_next(&at, &left, &pair));
	assert_int_equal(left, 0);
}

static void
knows_a_name_in_any_encoding(void **state)
{
	const char *at = "%63od%65=1";
	size_t left = strlen(at);
	struct form_pair pair;

	(void)state;
	assert_true(form_next(&at, &left, &pair));
	assert_true(form_pair_is(&pair, "code"));
	assert_false(form_pair_is(&pair, "cod"));
	assert_false(form_pair_is(&pair, "codes"));
	assert_false(form_pair_is(&pair, "Code"));
	assert_false(form_pair_is(&pair, ""));
}

static void
reads_no_further_than_it_may(void **state)
{
	const char *at = "a=%41&b";
	size_t left = 4;
	struct form_pair pair;
	struct error err;
	struct secret *decoded = new_secret();

	(void)state;
	assert_true(form_next(&at, &left, &pair));
	assert_int_equal(form_pair_decode(&pair, decoded, &err), -1);
	assert_false(form_next(&at, &left, &pair));
	secret_free(decoded);
}

static void
refuses_half_an_encoding(void **state)
{
	struct error err;

	(void)state;
	assert_int_equal(decode_value("a=%", &err), -1);
	assert_int_equal(decode_value("a=%4", &err), -1);
	assert_int_equal(decode_value("a=%4g", &err), -1);
	assert_int_equal(decode_value("a=%%41", &err), -1);
	assert_int_equal(err.code, ERROR_DATA);
	assert_int_equal(decode_value("a=%4A", &err), 0);
}

static void
refuses_what_is_too_long_for_a_secret(void **state)
{
	static char much[SECRET_MAX / 2];
	struct secret *form = new_secret();
	struct error err;

	(void)state;
	memset(much, '/', sizeof much - 1);
	assert_int_equal(form_add(form, "a", much, &err), -1);
	assert_int_equal(err.code, ERROR_DATA);
	secret_free(form);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(joins_pairs_and_encodes_both_sides),
	    cmocka_unit_test(steps_through_pairs),
	    cmocka_unit_test(knows_a_name_in_any_encoding),
	    cmocka_unit_test(reads_no_further_than_it_may),
	    cmocka_unit_test(refuses_half_an_encoding),
	    cmocka_unit_test(refuses_what_is_too_long_for_a_secret),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/*
 * Tests finding values in an answer of postrider-credential, including
 * malformed ones.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "credential/answer.h"

static struct secret *
answer_of(const char *text)
{
	struct error err;
	struct secret *answer = secret_new(&err);

	assert_non_null(answer);
	assert_int_equal(secret_add(answer, text, strlen(text), &err), 0);
	return answer;
}

static void
assert_text(const char *answer, const char *wanted)
{
	struct secret *secret = answer_of(answer);
	char out[8];

	answer_text(secret, "kind", out, sizeof out);
	assert_string_equal(out, wanted);
	secret_free(secret);
}

static void
finds_the_last_line_of_a_key(void **state)
{
	(void)state;
	assert_text("kind=a\nkind=b\n", "b");
	assert_text("other=kind=a\nkind=b", "b");
	assert_text("kinder=a\nkin=b\nkind\n", "");
	assert_text("", "");
}

static void
makes_a_value_printable_and_cuts_it(void **state)
{
	(void)state;
	assert_text("kind=a\x1B\n", "a\\x1B");
	assert_text("kind=abcdefghijkl\n", "abcdefg");
}

static void
takes_what_is_no_moment_for_none(void **state)
{
	static const struct {
		const char *text;
		int64_t moment;
	} rows[] = {{"n=1795305600\n", 1795305600}, {"n=-5\n", 0},
	    {"n=9223372036854775807\n", INT64_C(253402300799)}, {"n=12x\n", 0},
	    {"n=99999999999999999999999\n", 0}, {"n=\n", 0}, {"", 0}};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct secret *answer = answer_of(rows[i].text);

		assert_int_equal(answer_moment(answer, "n"), rows[i].moment);
		secret_free(answer);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(finds_the_last_line_of_a_key),
	    cmocka_unit_test(makes_a_value_printable_and_cuts_it),
	    cmocka_unit_test(takes_what_is_no_moment_for_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

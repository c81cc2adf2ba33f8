/* SPDX-License-Identifier: MIT */
/* Tests breaking text into lines. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "base/wrap.h"

static void
assert_wrapped(const char *text, size_t column, size_t indent, size_t width,
    const char *expected)
{
	char written[512];
	FILE *out = fmemopen(written, sizeof written, "w");

	assert_non_null(out);
	wrap_print(out, text, column, indent, width);
	fclose(out);
	assert_string_equal(written, expected);
}

static void
breaks_between_words(void **state)
{
	(void)state;
	assert_wrapped("one two three", 0, 0, 7, "one two\nthree\n");
	assert_wrapped("one two three", 0, 2, 6, "one\n  two\n  three\n");
	assert_wrapped("one two", 3, 3, 7, "one\n   two\n");
}

static void
breaks_nothing_without_a_width(void **state)
{
	(void)state;
	assert_wrapped("one two  three", 5, 2, 0, "one two  three\n");
	assert_wrapped("", 0, 0, 0, "\n");
}

static void
does_not_break_a_long_word(void **state)
{
	(void)state;
	assert_wrapped("a longword b", 0, 2, 6, "a\n  longword\n  b\n");
	assert_wrapped("longword", 4, 4, 6, "longword\n");
}

static void
counts_the_columns_of_wide_characters(void **state)
{
	(void)state;
	/* Two columns each. */
	assert_wrapped("\u90ae\u4ef6 \u90ae\u4ef6", 0, 0, 9,
	    "\u90ae\u4ef6 \u90ae\u4ef6\n");
	assert_wrapped("\u90ae\u4ef6 \u90ae\u4ef6", 0, 0, 8,
	    "\u90ae\u4ef6\n\u90ae\u4ef6\n");
	/* One column, and none for the combining accent. */
	assert_wrapped("gru\u0308n gr\u00fcn", 0, 0, 9,
	    "gru\u0308n gr\u00fcn\n");
	assert_wrapped("gru\u0308n gr\u00fcn", 0, 0, 8,
	    "gru\u0308n\ngr\u00fcn\n");
}

static void
counts_bytes_that_are_no_characters(void **state)
{
	(void)state;
	assert_wrapped("\xff\xfe \xc3", 0, 0, 4, "\xff\xfe \xc3\n");
	assert_wrapped("\xff\xfe \xc3", 0, 0, 3, "\xff\xfe\n\xc3\n");
}

static void
does_not_break_a_command_line_that_fits(void **state)
{
	(void)state;
	assert_wrapped("use: postrider login x; or not", 0, 0, 20,
	    "use:\npostrider login x;\nor not\n");
	assert_wrapped("try \"postrider login x\", or not", 0, 0, 22,
	    "try\n\"postrider login x\",\nor not\n");
	assert_wrapped("use: postrider login x", 0, 0, 12,
	    "use:\npostrider\nlogin x\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(breaks_between_words),
	    cmocka_unit_test(breaks_nothing_without_a_width),
	    cmocka_unit_test(does_not_break_a_long_word),
	    cmocka_unit_test(counts_the_columns_of_wide_characters),
	    cmocka_unit_test(counts_bytes_that_are_no_characters),
	    cmocka_unit_test(does_not_break_a_command_line_that_fits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

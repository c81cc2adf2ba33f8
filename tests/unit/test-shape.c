/* SPDX-License-Identifier: MIT */
/* Tests the shapes of passwords, keys and user names. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "config/shape.h"

static const struct {
	const char *shapes;
	const char *text;
	bool fits;
} pairs[] = {
    {"16 letters", "abcdefghijklmnop", true},
    {"16 letters", "ABCDEFGHIJKLMNOP", true},
    {"16 letters", "abcd efgh ijkl mnop", true},
    {"16 letters", "abcdefghijklmno", false},
    {"16 letters", "abcdefghijklmnopq", false},
    {"16 letters", "abcdefghijklmno1", false},
    {"16 letters", "", false},
    {"12 letters or digits", "a1b2c3d4e5f6", true},
    {"12 letters or digits", "a1b2c3d4e5f-", false},
    {"32 hex digits", "0123456789abcdefABCDEF0123456789", true},
    {"32 hex digits", "0123456789abcdefABCDEF012345678g", false},
    {"4 characters", "!\"\xc3\xa9", true},
    {"begins with SG.", "SG.x", true},
    {"begins with SG.", "SG.", false},
    {"begins with SG.", "sg.x", false},
    {"xxxx-xxxx", "ab1d-efgh", true},
    {"xxxx-xxxx", "abcdefgh", false},
    {"xxxx-xxxx", "abcd-efghi", false},
    {"16 letters\nxx-xx", "ab-cd", true},
};

static void
compares_a_text_with_each_shape(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
		if (shape_fits(pairs[i].shapes, pairs[i].text,
			strlen(pairs[i].text)) != pairs[i].fits)
			fail_msg("%s, %s", pairs[i].shapes, pairs[i].text);
	}
}

static void
knows_which_descriptions_are_valid(void **state)
{
	static const char *const invalid[] = {"", "letters", "16", "16 ",
	    "16 apples", "1234 letters", "16letters", "begins with ", "abcd"};

	(void)state;
	for (size_t i = 0; i < sizeof invalid / sizeof *invalid; i++) {
		if (shape_is_valid(invalid[i], strlen(invalid[i])))
			fail_msg("%s", invalid[i]);
	}
	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
		if (strchr(pairs[i].shapes, '\n') == NULL)
			assert_true(shape_is_valid(pairs[i].shapes,
			    strlen(pairs[i].shapes)));
	}
}

static void
describes_shapes_in_a_clause(void **state)
{
	char text[80];

	(void)state;
	shape_describe("16 letters", text, sizeof text);
	assert_string_equal(text, "has 16 letters");
	shape_describe("begins with SG.\nxx-xx", text, sizeof text);
	assert_string_equal(text, "begins with SG. or has the form xx-xx");
	shape_describe("16 letters", text, 4);
	assert_string_equal(text, "has");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(compares_a_text_with_each_shape),
	    cmocka_unit_test(knows_which_descriptions_are_valid),
	    cmocka_unit_test(describes_shapes_in_a_clause),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

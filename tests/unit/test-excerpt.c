/* SPDX-License-Identifier: MIT */
/* Tests whether a text repeats part of a command line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "base/excerpt.h"

static void
recognises_any_part_of_a_command(void **state)
{
	static const struct {
		const char *text, *command;
		bool expected;
	} rows[] = {
	    {"hunter2: not found", "hunter2", true},
	    {"HUNTER2: not found", "hunter2", true},
	    {"unexpected `hunt", "echo hunter2)", true},
	    {"...ter2'", "echo hunter2)", true},
	    {"bad: p!#$%", "x --pw=p!#$%^", true},
	    {"hunter2: not found", "'hun'ter2", true},
	    {"hunter2: not found", "h\\u\"n\"t\\e\\r\\2", true},
	    {"`h'u'n't", "hunter2", true},
	    {"a\xC3\xA4\xC3\xB6: no", "x a\xC3\xA4\xC3\xB6", true},
	    {"no key: abc", "gpg abc", true},
	    {"abc", "abc", true},
	    {"ab", "ab", false},
	    {"no key: abcd", "gpg abc", false},
	    {"a b c d e", "a b c d e", false},
	    {"", "hunter2", false},
	    {"hunter2", "", false},
	    {"Permission denied", "sign <key", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		if (excerpt_is_in(rows[i].text, strlen(rows[i].text),
			rows[i].command) != rows[i].expected)
			fail_msg("%s, %s", rows[i].text, rows[i].command);
	}
}

static void
reads_no_further_than_the_text(void **state)
{
	(void)state;
	assert_false(excerpt_is_in("x hunter2", 5, "hunter2"));
	assert_true(excerpt_is_in("x hunter2", 6, "hunter2"));
	assert_true(excerpt_is_in("x\0hunter2", 9, "hunter2"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(recognises_any_part_of_a_command),
	    cmocka_unit_test(reads_no_further_than_the_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/*
 * Tests text in format=flowed, also against a simple reader of RFC 3676.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "compose/flowed.h"

static void
expect_lines(const char *line, const char *expected)
{
	struct buf out;
	struct error err;

	buf_init(&out, 1 << 20);
	assert_int_equal(flowed_add_line(&out, line, strlen(line), &err), 0);
	assert_string_equal(buf_text(&out), expected);
	buf_done(&out);
}

static void
leaves_a_short_line_alone(void **state)
{
	(void)state;
	expect_lines("", "\n");
	expect_lines("hello", "hello\n");
	expect_lines(".", ".\n");
	expect_lines("Fromage", "Fromage\n");
}

static void
stuffs_what_a_reader_would_misunderstand(void **state)
{
	(void)state;
	expect_lines(" indented", "  indented\n");
	expect_lines("From me", " From me\n");
}

static void
removes_spaces_at_the_end(void **state)
{
	(void)state;
	expect_lines("soft?  ", "soft?\n");
	expect_lines("   ", "\n");
	expect_lines("--  ", "--\n");
}

static void
keeps_the_signature_line(void **state)
{
	(void)state;
	expect_lines("-- ", "-- \n");
	expect_lines("> -- ", "> -- \n");
}

static void
keeps_quotes(void **state)
{
	(void)state;
	expect_lines(">", ">\n");
	expect_lines("> quoted", "> quoted\n");
	expect_lines(">quoted", "> quoted\n");
	expect_lines(">>  deep", ">>  deep\n");
}

static void
divides_a_long_line_at_spaces(void **state)
{
	(void)state;
	expect_lines("aaaaaaaaa bbbbbbbbb ccccccccc ddddddddd eeeeeeeee "
		     "fffffffff "
		     "ggggggggg hhhhhhhhh iiiiiiiii",
	    "aaaaaaaaa bbbbbbbbb ccccccccc ddddddddd eeeeeeeee fffffffff "
	    "ggggggggg \nhhhhhhhhh iiiiiiiii\n");
	expect_lines("> aaaaaaaaa bbbbbbbbb ccccccccc ddddddddd eeeeeeeee "
		     "fffffffff "
		     "ggggggggg hhhhhhhhh iiiiiiiii",
	    "> aaaaaaaaa bbbbbbbbb ccccccccc ddddddddd eeeeeeeee fffffffff "
	    "ggggggggg \n> hhhhhhhhh iiiiiiiii\n");
}

static void
never_makes_a_signature_line(void **state)
{
	(void)state;
	expect_lines("-- "
		     "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
		     "xxxx"
		     "xxxxxxxxxxxxxxxxxxxx end",
	    "-- xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
	    "xxxxxxxxxxxxxxxxxxxx \nend\n");
}

/* ---- against a reader ---------------------------------------------------- */

/* Joins the lines of one quote depth 0 text, as RFC 3676 4.1 says. */
static void
read_flowed(const char *flowed, char *out)
{
	while (*flowed != '\0') {
		size_t len = strcspn(flowed, "\n");
		const char *text = flowed + (*flowed == ' ');

		len -= (size_t)(text - flowed);
		memcpy(out, text, len);
		out += len;
		flowed = text + len + 1;
		if (len == 0 || out[-1] != ' ')
			*out++ = '\n';
	}
	*out = '\0';
}

static void
comes_back_from_a_reader(void **state)
{
	static const char letters[] = "a  F-. ";
	unsigned seed = 1;

	(void)state;
	for (int round = 0; round < 20000; round++) {
		char line[256];
		char back[600];
		struct buf out;
		struct error err;
		size_t len;

		seed = seed * 1103515245 + 12345;
		len = seed >> 16 & 0xFF;
		for (size_t i = 0; i < len; i++) {
			seed = seed * 1103515245 + 12345;
			line[i] = letters[(seed >> 16) % 7];
		}
		while (len > 0 && line[len - 1] == ' ')
			len--;
		buf_init(&out, 4096);
		assert_int_equal(flowed_add_line(&out, line, len, &err), 0);
		read_flowed(buf_text(&out), back);
		buf_done(&out);
		assert_int_equal(strlen(back), len + 1);
		assert_memory_equal(back, line, len);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(leaves_a_short_line_alone),
	    cmocka_unit_test(stuffs_what_a_reader_would_misunderstand),
	    cmocka_unit_test(removes_spaces_at_the_end),
	    cmocka_unit_test(keeps_the_signature_line),
	    cmocka_unit_test(keeps_quotes),
	    cmocka_unit_test(divides_a_long_line_at_spaces),
	    cmocka_unit_test(never_makes_a_signature_line),
	    cmocka_unit_test(comes_back_from_a_reader),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

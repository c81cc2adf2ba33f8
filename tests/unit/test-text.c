/* SPDX-License-Identifier: MIT */
/* Tests comparing and checking text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static void
shows_no_control_characters(void **state)
{
	static const struct {
		const char *raw;
		size_t len;
		const char *shown;
	} cases[] = {
	    {"plain text", 10, "plain text"},
	    {"\x1B[31mred\a", 9, "\\x1B[31mred\\x07"},
	    {"two\r\nlines", 10, "two  lines"},
	    {"a\0b", 3, "a\\x00b"},
	    {"\x7F", 1, "\\x7F"},
	    {"\xC3\xBC", 2, "\xC3\xBC"},
	    {"\xFC", 1, "\\xFC"},
	    {"\xC3", 1, "\\xC3"},
	    {"\xC0\xAF", 2, "\\xC0\\xAF"},
	    {"\xC2\x9B", 2, "\\xC2\\x9B"},
	    {"\xE2\x80\xAE", 3, "\\xE2\\x80\\xAE"},
	    {"\xF0\x9F\x98\x80", 4, "\xF0\x9F\x98\x80"},
	    {"", 0, ""},
	};
	char shown[64];

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		text_printable(shown, sizeof shown, cases[i].raw, cases[i].len);
		assert_string_equal(shown, cases[i].shown);
	}
}

static void
formats_text_and_makes_it_printable(void **state)
{
	char shown[16];
	char longest[2048];
	char digits[2000];

	(void)state;
	text_format_printable(shown, sizeof shown, "%s=%d", "a\033", 7);
	assert_string_equal(shown, "a\\x1B=7");
	text_format_printable(shown, sizeof shown, "%s", "0123456789abcdefg");
	assert_string_equal(shown, "0123456789abcde");
	memset(digits, '1', sizeof digits - 1);
	digits[sizeof digits - 1] = '\0';
	text_format_printable(longest, sizeof longest, "%s", digits);
	assert_int_equal(strlen(longest), 1023);
}

static void
cuts_what_doesnt_fit_at_a_character(void **state)
{
	char shown[5];

	(void)state;
	text_printable(shown, sizeof shown, "abcdef", 6);
	assert_string_equal(shown, "abcd");
	text_printable(shown, sizeof shown, "abc\xC3\xBC", 5);
	assert_string_equal(shown, "abc");
	text_printable(shown, sizeof shown, "a\x01", 2);
	assert_string_equal(shown, "a");
	text_printable(shown, 1, "a", 1);
	assert_string_equal(shown, "");
}

static void
compares_without_case(void **state)
{
	(void)state;
	assert_true(text_equals("Bcc", "bCC"));
	assert_false(text_equals("Bcc", "Bc"));
	assert_true(text_is("BCC: x", 3, "bcc"));
	assert_false(text_is("BCC", 2, "bcc"));
	assert_false(text_is("bc\0", 3, "bcc"));
	assert_true(text_has_prefix("X-Mailer", "x-"));
	assert_false(text_has_prefix("X", "x-"));
}

static void
knows_utf8(void **state)
{
	static const struct {
		const char *text;
		bool valid;
	} cases[] = {
	    {"", true},
	    {"ascii", true},
	    {"\xC3\xBC\xE4\xBE\x8B\xF0\x9F\x98\x80", true},
	    {"\xF4\x8F\xBF\xBF", true},
	    {"\xF4\x90\x80\x80", false},
	    {"\xED\xA0\x80", false},
	    {"\xC1\xBF", false},
	    {"\xE0\x80\xAF", false},
	    {"\x80", false},
	    {"a\xC3", false},
	    {"\xC3(", false},
	    {"\xFF", false},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_int_equal(text_is_utf8(cases[i].text,
				     strlen(cases[i].text)),
		    cases[i].valid);
}

static void
sees_8bit_at_any_place(void **state)
{
	char text[40];

	(void)state;
	memset(text, 'a', sizeof text);
	for (size_t start = 0; start < 8; start++) {
		size_t len = sizeof text - start;

		assert_false(text_has_8bit(text + start, len));
		for (size_t at = start; at < sizeof text; at++) {
			text[at] = (char)0x80;
			assert_true(text_has_8bit(text + start, len));
			assert_false(text_has_8bit(text + start, at - start));
			text[at] = 'a';
		}
	}
}

static void
knows_what_fits_in_one_line(void **state)
{
	(void)state;
	assert_true(text_is_one_line("a b\t\xFC", 5));
	assert_false(text_is_one_line("a\r", 2));
	assert_false(text_is_one_line("\na", 2));
	assert_false(text_is_one_line("a\0b", 3));
}

static void
trims_both_ends(void **state)
{
	char text[] = " \t a b\r\n";
	char blank[] = " \n ";

	(void)state;
	assert_string_equal(text_trim(text), "a b");
	assert_string_equal(text_trim(blank), "");
}

static void
reads_numbers_and_nothing_else(void **state)
{
	static const char *const bad[] = {"", "-1", "+1", " 1", "1 ", "1x",
	    "65536", "99999999999999999999999999"};
	uint64_t number = 7;

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++)
		assert_int_equal(text_number(bad[i], 65535, &number), -1);
	assert_int_equal(number, 7);
	assert_int_equal(text_number("65535", 65535, &number), 0);
	assert_int_equal(number, 65535);
	assert_int_equal(text_number("0", 5, &number), 0);
	assert_int_equal(number, 0);
	assert_int_equal(text_number("9", 5, &number), -1);
}

static void
copies_and_ends_with_nul(void **state)
{
	char *copy = text_copy("abcdef", 3);

	(void)state;
	assert_string_equal(copy, "abc");
	free(copy);
}

static void
formats_text_of_any_length(void **state)
{
	struct error err;
	char *text = text_format(&err, "%5000s-%d", "a", 7);

	(void)state;
	assert_non_null(text);
	assert_int_equal(strlen(text), 5002);
	assert_string_equal(text + 4999, "a-7");
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(shows_no_control_characters),
	    cmocka_unit_test(formats_text_and_makes_it_printable),
	    cmocka_unit_test(cuts_what_doesnt_fit_at_a_character),
	    cmocka_unit_test(compares_without_case),
	    cmocka_unit_test(knows_utf8),
	    cmocka_unit_test(sees_8bit_at_any_place),
	    cmocka_unit_test(knows_what_fits_in_one_line),
	    cmocka_unit_test(trims_both_ends),
	    cmocka_unit_test(reads_numbers_and_nothing_else),
	    cmocka_unit_test(copies_and_ends_with_nul),
	    cmocka_unit_test(formats_text_of_any_length),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

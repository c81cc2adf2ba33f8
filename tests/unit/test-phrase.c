/* SPDX-License-Identifier: MIT */
/*
 * Tests text for header fields: what is quoted, what is encoded, and what is
 * left as it is.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "message/phrase.h"

static void
expect_phrase(int (*write)(struct buf *, const char *, struct error *),
    const char *text, const char *expected)
{
	struct buf out;
	struct error err;

	buf_init(&out, 1 << 16);
	assert_int_equal(write(&out, text, &err), 0);
	assert_string_equal(buf_text(&out), expected);
	buf_done(&out);
}

static void
leaves_plain_text_alone(void **state)
{
	(void)state;
	expect_phrase(phrase_write, "Alice of Corp", "Alice of Corp");
	expect_phrase(unstructured_write, "Re: [list] a, b; c",
	    "Re: [list] a, b; c");
	expect_phrase(unstructured_write, "", "");
}

static void
quotes_a_name_with_specials(void **state)
{
	(void)state;
	expect_phrase(phrase_write, "Doe, John", "\"Doe, John\"");
	expect_phrase(phrase_write, "a \"b\" \\", "\"a \\\"b\\\" \\\\\"");
}

static void
encodes_what_is_not_ascii(void **state)
{
	(void)state;
	expect_phrase(phrase_write, "J\xC3\xBCrg", "=?UTF-8?B?SsO8cmc=?=");
	expect_phrase(unstructured_write, "J\xC3\xBCrg",
	    "=?UTF-8?B?SsO8cmc=?=");
}

static void
encodes_what_a_reader_would_change(void **state)
{
	(void)state;
	expect_phrase(unstructured_write,
	    "=?utf-8?q?x?=", "=?UTF-8?B?PT91dGYtOD9xP3g/PQ==?=");
	expect_phrase(unstructured_write, "two  spaces",
	    "=?UTF-8?Q?two__spaces?=");
	expect_phrase(unstructured_write, " first", "=?UTF-8?Q?_first?=");
	expect_phrase(unstructured_write, "last ", "=?UTF-8?Q?last_?=");
	expect_phrase(unstructured_write, "a\tb", "=?UTF-8?B?YQli?=");
}

static void
divides_a_word_that_fits_into_no_line(void **state)
{
	char word[2001];
	struct buf out;
	struct error err;

	(void)state;
	memset(word, 'x', 2000);
	word[2000] = '\0';
	buf_init(&out, 1 << 16);
	assert_int_equal(unstructured_write(&out, word, &err), 0);
	for (const char *at = buf_text(&out); *at != '\0';) {
		size_t len = strcspn(at, " ");

		assert_true(len <= 64);
		at += len + (at[len] == ' ');
	}
	buf_done(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(leaves_plain_text_alone),
	    cmocka_unit_test(quotes_a_name_with_specials),
	    cmocka_unit_test(encodes_what_is_not_ascii),
	    cmocka_unit_test(encodes_what_a_reader_would_change),
	    cmocka_unit_test(divides_a_word_that_fits_into_no_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/*
 * Tests that text is measured alike, wherever it is divided into pieces.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "compose/text-facts.h"

/* Measures the text divided at every pair of positions. */
static void
expect_facts(const char *text, size_t len, uint64_t longest, bool has_nul)
{
	bool is_utf8 = text_is_utf8(text, len);

	for (size_t i = 0; i <= len; i++) {
		for (size_t j = i; j <= len; j++) {
			struct text_facts facts;

			text_facts_init(&facts);
			text_facts_add(&facts, text, i);
			text_facts_add(&facts, text + i, j - i);
			text_facts_add(&facts, text + j, len - j);
			text_facts_finish(&facts);
			assert_int_equal(facts.is_utf8, is_utf8);
			assert_int_equal(facts.size, len);
			assert_int_equal(facts.longest_line, longest);
			assert_int_equal(facts.has_nul, has_nul);
			assert_int_equal(facts.count_8bit > 0,
			    text_has_8bit(text, len));
		}
	}
}

#define EXPECT(text, longest, has_nul) \
	expect_facts(text, sizeof(text) - 1, longest, has_nul)

static void
measures_utf8(void **state)
{
	(void)state;
	EXPECT("", 0, false);
	EXPECT("ascii\nonly", 5, false);
	EXPECT("\xC3\xA4\n\xE6\x97\xA5\xF0\x9F\x90\x8E", 7, false);
}

static void
finds_what_is_not_utf8(void **state)
{
	(void)state;
	EXPECT("\xE4 latin", 7, false);
	EXPECT("cut \xE6\x97", 6, false);
	EXPECT("\xF0\x9F\x90", 3, false);
	EXPECT("\x80\x80\x80\x80\x80", 5, false);
	EXPECT("\xED\xA0\x80 surrogate", 13, false);
	EXPECT("\xC3\xC3\xA4", 3, false);
}

static void
finds_a_nul(void **state)
{
	(void)state;
	EXPECT("a\0b", 3, true);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(measures_utf8),
	    cmocka_unit_test(finds_what_is_not_utf8),
	    cmocka_unit_test(finds_a_nul),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

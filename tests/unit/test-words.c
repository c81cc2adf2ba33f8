/* SPDX-License-Identifier: MIT */
/* Tests splitting command lines that are not run by a shell. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "base/words.h"

enum {
	ROOM = 3
};

static int
split(const char *text, char copy[64], char *word[ROOM], size_t *ret_count)
{
	memcpy(copy, text, strlen(text) + 1);
	return words_split(copy, word, ROOM, ret_count);
}

static void
splits_at_any_number_of_blanks(void **state)
{
	char copy[64];
	char *word[ROOM];
	size_t count = 0;

	(void)state;
	assert_int_equal(split(" \tone  two\t \"three\" ", copy, word, &count),
	    0);
	assert_int_equal(count, 3);
	assert_string_equal(word[0], "one");
	assert_string_equal(word[1], "two");
	assert_string_equal(word[2], "\"three\"");
}

static void
takes_a_single_word_as_it_is(void **state)
{
	char copy[64];
	char *word[ROOM];
	size_t count = 0;

	(void)state;
	assert_int_equal(split("one", copy, word, &count), 0);
	assert_int_equal(count, 1);
	assert_string_equal(word[0], "one");
}

static void
finds_no_word_in_blanks(void **state)
{
	char copy[64];
	char *word[ROOM];
	size_t count = 7;

	(void)state;
	assert_int_equal(split(" \t ", copy, word, &count), 0);
	assert_int_equal(count, 0);
	count = 7;
	assert_int_equal(split("", copy, word, &count), 0);
	assert_int_equal(count, 0);
}

static void
refuses_more_words_than_there_is_room_for(void **state)
{
	char copy[64];
	char *word[ROOM];
	size_t count = 7;

	(void)state;
	assert_int_equal(split("a b c d", copy, word, &count), -1);
	assert_int_equal(count, 7);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(splits_at_any_number_of_blanks),
	    cmocka_unit_test(takes_a_single_word_as_it_is),
	    cmocka_unit_test(finds_no_word_in_blanks),
	    cmocka_unit_test(refuses_more_words_than_there_is_room_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

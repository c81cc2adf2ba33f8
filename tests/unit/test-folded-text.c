/* SPDX-License-Identifier: MIT */
/* Tests finding words in replies. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "submit/folded-text.h"

static bool
has(const char *text, const char *pattern)
{
	struct folded_text folded;

	folded_text_init(&folded, text);
	return folded_text_has(&folded, pattern, strlen(pattern));
}

static void
ignores_case_punctuation_and_tags(void **state)
{
	struct folded_text text;

	(void)state;
	folded_text_init(&text, "SMTP; isn't <b>OK</b>: ПАРОЛЬ É");
	assert_string_equal(text.folded, " smtp isnt ok пароль é ");
	assert_true(has("see <https://example.org/a> now", "example org"));
	assert_true(has("<alice@example.org>: no", "alice"));
}

static void
needs_every_term_and_one_alternative_of_each(void **state)
{
	(void)state;
	assert_true(has("invalid user name", "wrong|invalid user|login"));
	assert_false(has("invalid user name", "wrong|invalid password"));
	assert_false(has("invalid user name", "invalid !user"));
	assert_true(has("", ""));
}

static void
distinguishes_whole_words_from_beginnings(void **state)
{
	(void)state;
	assert_false(has("authentication", "auth"));
	assert_true(has("authentication", "auth*"));
	assert_true(has("too many logins", "too-many login*"));
	assert_false(has("too very many", "too-many"));
}

static void
finds_parts_of_words_in_other_scripts(void **state)
{
	(void)state;
	assert_true(has("请使用授权码登录", "授权码"));
	assert_true(has("Неверный пароль", "неверн*"));
}

static void
finds_how_long_to_wait(void **state)
{
	struct folded_text text;
	unsigned long seconds = 0;

	(void)state;
	folded_text_init(&text, "550 5.7.1 try again in 15 minutes");
	assert_true(folded_text_find_wait(&text, &seconds));
	assert_int_equal(seconds, 900);
	folded_text_init(&text, "wait 99999999999 days");
	assert_false(folded_text_find_wait(&text, &seconds));
}

static void
cuts_a_long_text(void **state)
{
	char text[5000];

	(void)state;
	memset(text, 'a', sizeof text - 1);
	text[sizeof text - 1] = '\0';
	assert_false(has(text, "b"));
	assert_true(has(text, "a*"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(ignores_case_punctuation_and_tags),
	    cmocka_unit_test(needs_every_term_and_one_alternative_of_each),
	    cmocka_unit_test(distinguishes_whole_words_from_beginnings),
	    cmocka_unit_test(finds_parts_of_words_in_other_scripts),
	    cmocka_unit_test(finds_how_long_to_wait),
	    cmocka_unit_test(cuts_a_long_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

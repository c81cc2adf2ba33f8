/* SPDX-License-Identifier: MIT */
/* Tests finding words in replies. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "submit/vocabulary.h"

static bool
has(const char *text, const char *pattern)
{
	static const char word_lists[] = "# a comment\n\n"
					 "secret password|passwort\n  пароль\n"
					 "login $secret|user\n";
	struct folded_text folded;
	struct vocabulary vocabulary;

	folded_text_init(&folded, text);
	vocabulary_init(&vocabulary, word_lists, &folded);
	return vocabulary_has(&vocabulary, pattern, strlen(pattern));
}

static void
ignores_case_punctuation_and_tags(void **state)
{
	struct folded_text text;

	(void)state;
	folded_text_init(&text, "SMTP; isn't <b>OK</b>: ПАРОЛЬ Éčß E-Mail");
	assert_string_equal(text.folded, " smtp isnt ok пароль ecs email ");
	assert_true(has("see <https://example.org/a> now", "example org"));
	assert_true(has("see http://example.org/?a@b", "example org"));
	assert_true(has("<alice@example.org>: no", "no !alice !example"));
	assert_true(has("must contain an @ and a name", "an-and"));
	assert_true(has("Can not send, can not receive", "cannot-receive"));
}

static void
needs_every_term_and_one_alternative_of_each(void **state)
{
	(void)state;
	assert_true(has("invalid user name", "wrong|invalid user|login"));
	assert_false(has("invalid user name", "wrong|invalid password"));
	assert_false(has("invalid user name", "invalid !user"));
	assert_true(has("invalid user name", "wrong|\n  invalid user"));
	assert_false(has("invalid name", "wrong|\n  invalid user"));
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
	assert_true(has("您的IP被列入黑名单", "ip"));
	assert_true(has("Неверный пароль", "неверн*"));
}

static void
looks_lists_up_by_name(void **state)
{
	(void)state;
	assert_true(has("wrong PASSWORT", "wrong|bad $secret"));
	assert_true(has("Неверный пароль", "$login"));
	assert_false(has("wrong user", "$secret"));
	assert_true(has("wrong user", "$secret|$login !$secret"));
	assert_false(has("unlisted", "$unlisted"));
}

static void
ignores_accents(void **state)
{
	(void)state;
	assert_true(has("Échec: contraseña", "echec contrasena"));
	assert_true(has("nieprawidlowe hasło", "nieprawidłow* haslo"));
	assert_false(has("échecs", "échec"));
	assert_true(has("l'adresse n’existe pas", "adresse existe"));
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
	    cmocka_unit_test(looks_lists_up_by_name),
	    cmocka_unit_test(ignores_accents),
	    cmocka_unit_test(finds_how_long_to_wait),
	    cmocka_unit_test(cuts_a_long_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/* Tests parsing replies, and the error code of each. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "smtp/reply.h"

static int
set_up(void **state)
{
	static struct smtp_reply reply;

	smtp_reply_init(&reply);
	*state = &reply;
	return 0;
}

static int
tear_down(void **state)
{
	smtp_reply_done(*state);
	return 0;
}

static int
add_line(struct smtp_reply *reply, const char *line, bool *ret_is_last)
{
	struct error err;

	return smtp_reply_add_line(reply, line, strlen(line), ret_is_last,
	    &err);
}

/* Parses a reply of one line. */
static void
be(struct smtp_reply *reply, const char *line)
{
	bool is_last = false;

	smtp_reply_clear(reply);
	assert_int_equal(add_line(reply, line, &is_last), 0);
	assert_true(is_last);
}

static void
reads_code_enhanced_code_and_text(void **state)
{
	static const struct {
		const char *line;
		int code;
		const char *enhanced;
		const char *text;
	} rows[] = {
	    {"250 ok", 250, "", "ok"},
	    {"250", 250, "", ""},
	    {"250 ", 250, "", ""},
	    {"535 5.7.8 bad password", 535, "5.7.8", "bad password"},
	    {"550 5.1.10 null mx", 550, "5.1.10", "null mx"},
	    {"250 2.1.0", 250, "2.1.0", ""},
	    {"550 5.111.222 far", 550, "5.111.222", "far"},
	    /* Invalid enhanced codes, and those of another class than the
	     * reply. */
	    {"550 4.2.1 odd", 550, "", "4.2.1 odd"},
	    {"250 5.0", 250, "", "5.0"},
	    {"250 2.x.0 a", 250, "", "2.x.0 a"},
	    {"250 2.0.0x a", 250, "", "2.0.0x a"},
	    {"250 2.1234.0 a", 250, "", "2.1234.0 a"},
	    {"250 2.-1.0 a", 250, "", "2.-1.0 a"},
	    {"250 2.+1.0 a", 250, "", "2.+1.0 a"},
	    {"250 2. 1.0 a", 250, "", "2. 1.0 a"},
	    {"250 22.1.0 a", 250, "", "22.1.0 a"},
	    {"354 go", 354, "", "go"},
	    {"550: no such user", 550, "", "no such user"},
	    {"550: 5.1.1 who", 550, "5.1.1", "who"},
	    {"451:later", 451, "", "later"},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct smtp_reply *reply = *state;

		be(reply, rows[i].line);
		assert_int_equal(reply->code, rows[i].code);
		assert_string_equal(reply->enhanced, rows[i].enhanced);
		assert_string_equal(buf_text(&reply->text), rows[i].text);
	}
}

static void
refuses_what_is_no_reply(void **state)
{
	static const char *const lines[] = {"", "2", "25", "hello", "199 low",
	    "699 high", "250x", "250: ok", "250_ok", " 250 ok", "25a ok",
	    "-50 ok", "2 50", "\37750 ok"};
	bool is_last = false;

	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		struct smtp_reply *reply = *state;

		smtp_reply_clear(reply);
		assert_int_equal(add_line(reply, lines[i], &is_last), -1);
		assert_false(is_last);
	}
}

static void
refuses_a_nul(void **state)
{
	struct error err;
	bool is_last;

	assert_int_equal(smtp_reply_add_line(*state, "250 o\0k", 7, &is_last,
			     &err),
	    -1);
	assert_int_equal(err.code, ERROR_TEMPORARY);
}

static void
joins_lines_even_empty_ones(void **state)
{
	struct smtp_reply *reply = *state;
	bool is_last = true;

	assert_int_equal(add_line(reply, "250-", &is_last), 0);
	assert_false(is_last);
	assert_int_equal(add_line(reply, "250-2.1.0 one", &is_last), 0);
	assert_false(is_last);
	assert_int_equal(add_line(reply, "250", &is_last), 0);
	assert_true(is_last);
	assert_string_equal(buf_text(&reply->text), "\none\n");
	assert_string_equal(reply->enhanced, "2.1.0");
}

static void
refuses_another_code_in_a_later_line(void **state)
{
	bool is_last;

	assert_int_equal(add_line(*state, "250-one", &is_last), 0);
	assert_int_equal(add_line(*state, "251 two", &is_last), -1);
}

static void
bounds_its_text(void **state)
{
	char line[WIRE_LINE_MAX + 1];
	bool is_last;
	int result = 0;
	int count = 0;

	memset(line, 'x', sizeof line - 1);
	line[sizeof line - 1] = '\0';
	memcpy(line, "250-", 4);
	while (result == 0) {
		result = add_line(*state, line, &is_last);
		count++;
	}
	assert_in_range(count, 2, REPLY_TEXT_MAX / WIRE_LINE_MAX + 1);
	assert_true(((struct smtp_reply *)*state)->text.len <= REPLY_TEXT_MAX);
}

static void
knows_the_reaction_to_each(void **state)
{
	static const struct {
		const char *line;
		enum error_code code;
	} rows[] = {
	    {"250 ok", ERROR_TEMPORARY},
	    {"354 go", ERROR_TEMPORARY},
	    {"421 4.3.2 bye", ERROR_TEMPORARY},
	    {"450 5.1.1 odd", ERROR_TEMPORARY},
	    {"500 what", ERROR_REFUSED},
	    {"550 5.1.1 who", ERROR_NO_USER},
	    {"550 5.1.2 where", ERROR_NO_HOST},
	    {"553 5.1.3 how", ERROR_DATA},
	    {"550 5.1.6 moved", ERROR_NO_USER},
	    {"550 5.1.10 null", ERROR_NO_USER},
	    {"550 5.1.11 new", ERROR_REFUSED},
	    {"552 5.3.4 big", ERROR_DATA},
	    {"552 5.2.3 big", ERROR_DATA},
	    {"554 5.6.0 bad", ERROR_DATA},
	    {"554 5.6.7 utf8", ERROR_DATA},
	    {"550 5.7.1 policy", ERROR_REFUSED},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct error err;

		be(*state, rows[i].line);
		assert_int_equal(smtp_reply_fail(*state, "host port 25",
				     "the thing", &err),
		    -1);
		assert_int_equal(err.code, rows[i].code);
		assert_non_null(strstr(err.message, rows[i].line));
		assert_non_null(strstr(err.message, "the thing"));
		assert_true(err.reply_code / 100 == smtp_reply_class(*state));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(reads_code_enhanced_code_and_text,
		set_up, tear_down),
	    cmocka_unit_test_setup_teardown(refuses_what_is_no_reply, set_up,
		tear_down),
	    cmocka_unit_test_setup_teardown(refuses_a_nul, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(joins_lines_even_empty_ones, set_up,
		tear_down),
	    cmocka_unit_test_setup_teardown(
		refuses_another_code_in_a_later_line, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(bounds_its_text, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(knows_the_reaction_to_each, set_up,
		tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/*
 * Tests that a change of a setting leaves everything else of the text as it
 * was, and is read back.
 */
#include "config-fixture.h"

#include "base/buf.h"
#include "config/config-edit.h"

enum {
	TEXT_MAX = 4096
};

struct row {
	const char *before;
	const char *account; /* NULL: outside the blocks */
	const char *name;
	const char *value; /* NULL: remove it */
	const char *after;
};

static const struct config_place *
place_of(const struct row *row)
{
	static struct config_place place;

	place =
	    (struct config_place){.kind = row->account != NULL ? GRAMMAR_ACCOUNT
							       : GRAMMAR_TOP,
		.title = row->account,
		.name = row->name};
	return &place;
}

static void
assert_edits(const struct row *row)
{
	struct buf text;
	struct error err;
	bool found = true;
	int result;

	buf_init(&text, TEXT_MAX);
	assert_int_equal(buf_add_text(&text, row->before, &err), 0);
	result = row->value != NULL
	    ? config_edit_set(&text, place_of(row), row->value,
		  strcmp(row->name, "from") == 0, &err)
	    : config_edit_unset(&text, place_of(row), &found, &err);
	if (result == -1)
		fail_msg("%s: %s", row->before, err.message);
	assert_true(found);
	assert_string_equal(buf_text(&text), row->after);
	buf_done(&text);
}

static void
assert_all(const struct row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++)
		assert_edits(&rows[i]);
}

static void
replaces_a_value_in_its_place(void **state)
{
	static const struct row rows[] = {
	    {"account a {\n  host = old # why\n  port=25\n}\n", "a", "host",
		"new.example",
		"account a {\n  host = new.example # why\n"
		"  port=25\n}\n"},
	    {"account a{host=\"x\"port=25}", "a", "host", "y",
		"account a{host=y port=25}"},
	    {"account a { host = x host = y }", "a", "host", "z",
		"account a { host = x host = z }"},
	    {"account a { \"host\" = x }", "a", "host", "two words",
		"account a { \"host\" = \"two words\" }"},
	    {"account a { from = { a@x.y, # me\n b@x.y } port = 1 }", "a",
		"from", "c@x.y", "account a { from = c@x.y port = 1 }"},
	    {"account a { from = a@x.y from += b@x.y }", "a", "from",
		"c@x.y\nd@x.y",
		"account a { from = a@x.y from = { c@x.y, d@x.y } }"},
	    {"account 'a b' { host = x }\naccount \"c\\\"d\" { host = y }",
		"c\"d", "host", "z",
		"account 'a b' { host = x }\naccount \"c\\\"d\" { host = z }"},
	    {"/* host = 1 */ timeout = 5s // host = 2\n"
	     "account a { timeout = 6s }\n",
		NULL, "timeout", "7s",
		"/* host = 1 */ timeout = 7s // host = 2\n"
		"account a { timeout = 6s }\n"},
	    {"account a { timeout = 6s }\ntimeout = 5s\n", NULL, "timeout",
		"7s", "account a { timeout = 6s }\ntimeout = 7s\n"},
	    {"account a { full-name = x#y\n}", "a", "full-name", "z",
		"account a { full-name = z#y\n}"},
	    {"account a { full-name = \"x\"//y\n}", "a", "full-name", "z",
		"account a { full-name = z //y\n}"},
	    {"account a {\r\n\thost = x\r\n}\r\n", "a", "host", "",
		"account a {\r\n\thost = \"\"\r\n}\r\n"},
	    {"provider a { host = p }\naccount a { host = x }", "a", "host",
		"y", "provider a { host = p }\naccount a { host = y }"},
	};

	(void)state;
	assert_all(rows, sizeof rows / sizeof *rows);
}

static void
adds_a_setting_after_the_last_one(void **state)
{
	static const struct row rows[] = {
	    {"account a {\n    host = x # c\n\n    # end\n}\n", "a", "port",
		"25",
		"account a {\n    host = x # c\n    port = 25\n\n"
		"    # end\n}\n"},
	    {"account a { host = x }\n", "a", "port", "25",
		"account a { host = x port = 25 }\n"},
	    {"account a {host=\"x\"}", "a", "port", "25",
		"account a {host=\"x\" port = 25 }"},
	    {"account a { host = \"x\"/* c */ }", "a", "port", "25",
		"account a { host = \"x\" port = 25 /* c */ }"},
	    {"account a { host = x /* c\n d */ }", "a", "port", "25",
		"account a { host = x port = 25 /* c\n d */ }"},
	    {"account a {\r\n\thost = x\r\n}\r\n", "a", "port", "25",
		"account a {\r\n\thost = x\r\n\tport = 25\r\n}\r\n"},
	    {"account a {}", "a", "port", "25", "account a { port = 25 }"},
	    {"account a { }", "a", "port", "25", "account a { port = 25 }"},
	    {"account a {\n}\n", "a", "port", "25",
		"account a {\n\tport = 25\n}\n"},
	    {"account a {\n\t# nothing\n}\n", "a", "port", "25",
		"account a {\n\t# nothing\n\tport = 25\n}\n"},
	    {"account a { # c\n}\n", "a", "port", "25",
		"account a { # c\n\tport = 25\n}\n"},
	    {"account a { /* c\n */}\n", "a", "port", "25",
		"account a { /* c\n */ port = 25 }\n"},
	    {"account a { from = {\n\ta@x.y,\n\tb@x.y\n\t} # c\n}\n", "a",
		"port", "25",
		"account a { from = {\n\ta@x.y,\n\tb@x.y\n\t} port = 25 # c\n"
		"}\n"},
	};

	(void)state;
	assert_all(rows, sizeof rows / sizeof *rows);
}

static void
adds_a_setting_outside_the_blocks(void **state)
{
	static const struct row rows[] = {
	    {"", NULL, "timeout", "5s", "timeout = 5s\n"},
	    {"# only this", NULL, "timeout", "5s",
		"# only this\ntimeout = 5s\n"},
	    {"port = 25", NULL, "timeout", "5s", "port = 25\ntimeout = 5s\n"},
	    {"port = 25 # c\naccount a {}\n", NULL, "timeout", "5s",
		"port = 25 # c\ntimeout = 5s\naccount a {}\n"},
	    {"account a {}\n", NULL, "timeout", "5s",
		"timeout = 5s\n\naccount a {}\n"},
	    {"# my mail\n\n# work\n// more\naccount a {}\n", NULL, "timeout",
		"5s",
		"# my mail\n\ntimeout = 5s\n\n# work\n// more\n"
		"account a {}\n"},
	    {"/* a\n\nb */\naccount a {}\n", NULL, "default-account", "a",
		"default-account = a\n\n/* a\n\nb */\naccount a {}\n"},
	    {"\xEF\xBB\xBF"
	     "account a {}\n",
		NULL, "timeout", "5s",
		"\xEF\xBB\xBF"
		"timeout = 5s\n\naccount a {}\n"},
	};

	(void)state;
	assert_all(rows, sizeof rows / sizeof *rows);
}

static void
removes_a_setting_and_its_line(void **state)
{
	static const struct row rows[] = {
	    {"account a {\n\thost = x\n\tport = 25\n}\n", "a", "port", NULL,
		"account a {\n\thost = x\n}\n"},
	    {"account a {\n\thost = x\n\tport = 25 # c\n}\n", "a", "port", NULL,
		"account a {\n\thost = x\n\t# c\n}\n"},
	    {"account a { host = x port = 25 }", "a", "port", NULL,
		"account a { host = x }"},
	    {"account a { host = x port = 25 }", "a", "host", NULL,
		"account a { port = 25 }"},
	    {"account a {host=x port=25}", "a", "host", NULL,
		"account a {  port=25}"},
	    {"account a { host = x\nport = 1 host = y\n}", "a", "host", NULL,
		"account a {\nport = 1\n}"},
	    {"account a {\n\tfrom = {\n\t\ta@x.y\n\t}\n\tfrom += b@x.y\n}\n",
		"a", "from", NULL, "account a {\n}\n"},
	    {"account a {\r\n\thost = x\r\n\tport = 1\r\n}\r\n", "a", "host",
		NULL, "account a {\r\n\tport = 1\r\n}\r\n"},
	    {"timeout = 5s\n# c\naccount a { timeout = 6s }", NULL, "timeout",
		NULL, "# c\naccount a { timeout = 6s }"},
	};

	(void)state;
	assert_all(rows, sizeof rows / sizeof *rows);
}

static void
refuses_a_block_that_is_not_there(void **state)
{
	const struct row row = {"account b { host = x }", "a", "host", "y",
	    NULL};
	struct buf text;
	struct error err;

	(void)state;
	buf_init(&text, TEXT_MAX);
	assert_int_equal(buf_add_text(&text, row.before, &err), 0);
	assert_int_equal(config_edit_set(&text, place_of(&row), "y", false,
			     &err),
	    -1);
	assert_int_equal(err.code, ERROR_CONFIG);
	assert_string_equal(err.message, "there is no account \"a\"");
	assert_string_equal(buf_text(&text), row.before);
	buf_done(&text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(replaces_a_value_in_its_place),
	    cmocka_unit_test(adds_a_setting_after_the_last_one),
	    cmocka_unit_test(adds_a_setting_outside_the_blocks),
	    cmocka_unit_test(removes_a_setting_and_its_line),
	    cmocka_unit_test(refuses_a_block_that_is_not_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

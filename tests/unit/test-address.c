/* SPDX-License-Identifier: MIT */
/*
 * Tests parsing address lists: usual ones, those of other programs, and hostile
 * ones.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "message/address.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* Returns the parsed addresses, separated by spaces, or "ERROR". */
static void
read_list(const char *text, size_t len, struct buf *out, struct error *err)
{
	struct address_list list;

	buf_clear(out);
	address_list_init(&list);
	if (address_list_parse(&list, text, len, "To", err) == -1) {
		buf_add_text(out, "ERROR", err);
		address_list_done(&list);
		return;
	}
	for (size_t i = 0; i < list.count; i++)
		buf_addf(out, err, "%s%s", i > 0 ? " " : "", list.address[i]);
	address_list_done(&list);
}

static void
assert_list(const char *text, size_t len, const char *expected)
{
	struct error err = {.code = ERROR_NONE};
	struct buf out;

	buf_init(&out, 65536);
	read_list(text, len, &out, &err);
	if (strcmp(buf_text(&out), expected) != 0)
		fail_msg("\"%s\" was read as %s, not %s (%s)", text,
		    buf_text(&out), expected, err.message);
	buf_done(&out);
}

static void
reads_what_people_write(void **state)
{
	static const struct {
		const char *text;
		const char *addresses;
	} cases[] = {
	    {"a@x.example", "a@x.example"},
	    {"a@x, b@y", "a@x b@y"},
	    {"a@x,b@y", "a@x b@y"},
	    {",a@x,, b@y,", "a@x b@y"},
	    {"a@x, B <b@x>", "a@x b@x"},
	    {"bob", "bob"},
	    {"<bob>", "bob"},
	    {"<a@x>", "a@x"},
	    {"Alice Liddell <a@x>", "a@x"},
	    {"Alice Q. Liddell <a@x>", "a@x"},
	    {"\"Liddell, Alice\" <a@x>, b@y", "a@x b@y"},
	    {"\"a \\\"quoted\\\" <z@z>\" <a@x>", "a@x"},
	    {"a@x <a@y>", "a@y"},
	    {"Bob \"the @\" Builder <b@x>", "b@x"},
	    {"a@x (Alice)", "a@x"},
	    {"(one (two) \\) three) a@x (four, five@z)", "a@x"},
	    {"a(b)@(c)x(d).(e)example", "a@x.example"},
	    {"a . b @ x . example", "a.b@x.example"},
	    {"a@x,\r\n\tb@y", "a@x b@y"},
	    {"a@x,\n b@y", "a@x b@y"},
	    {"a@x,\r b@y", "a@x b@y"},
	    {"Alice\r\n <a@x>", "a@x"},
	    {"\"Alice\r\n Liddell\" <a@x>", "a@x"},
	    {"(a\n comment) a@x", "a@x"},
	    {"a@x\n ", "a@x"},
	    {"\"odd local\"@x", "\"odd local\"@x"},
	    {"\"a@b\"@x", "\"a@b\"@x"},
	    {"\"a\\\"b\\\\c\"@x", "\"a\\\"b\\\\c\"@x"},
	    {"\"plain\"@x", "plain@x"},
	    {"\"p\\lain\"@x", "plain@x"},
	    {"\"a b\".c@x", "\"a b.c\"@x"},
	    {"\"\"@x", "\"\"@x"},
	    {"dots..in.@x", "\"dots..in.\"@x"},
	    {"a@[192.0.2.1]", "a@[192.0.2.1]"},
	    {"<a@[IPv6:2001:db8::1]>", "a@[IPv6:2001:db8::1]"},
	    {"<@a,@b:user@c>", "user@c"},
	    {"Name <@a:user@c>, d@e", "user@c d@e"},
	    {"friends: a@x, B <b@x>;", "a@x b@x"},
	    {"friends: a@x;, b@y", "a@x b@y"},
	    {"friends: a@x; b@y", "a@x b@y"},
	    {"one:a@x;, two:b@x,;", "a@x b@x"},
	    {"friends: a@x", "a@x"},
	    {"undisclosed-recipients:;", ""},
	    {"\"a: b\": a@x;", "a@x"},
	    {"", ""},
	    {" (nobody) ", ""},
	    {",", ""},
	    {"=?UTF-8?Q?J=C3=BCrgen=2C_x?= <j@x>", "j@x"},
	    {"J\xC3\xBCrgen <j@x>", "j@x"},
	    {"J\xFCrgen <j@x>", "j@x"},
	    {"bell \a <j@x>", "j@x"},
	    {"j\xC3\xBCrgen@b\xC3\xBC"
	     "cher.example",
		"j\xC3\xBCrgen@b\xC3\xBC"
		"cher.example"},
	    {"a@x, a@X, A@x, a@x", "a@x A@x"},
	    {"host!user%other@x", "host!user%other@x"},
	    {"!#$%&'*+-/=?^_`{|}~@x", "!#$%&'*+-/=?^_`{|}~@x"},
	    {"bounce+user=example.org-0123456789012345678901234567890123456789"
	     "0123456789@x",
		"bounce+user=example.org-0123456789012345678901234567890123456"
		"7890123456789@x"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_list(cases[i].text, strlen(cases[i].text),
		    cases[i].addresses);
}

static void
refuses_what_is_no_list(void **state)
{
	static const char *const cases[] = {
	    "two words",
	    "a b@x",
	    "a@x b@y",
	    "a@",
	    "@x",
	    "a@b@c",
	    "<>",
	    "Nobody <>",
	    "a@x, <>",
	    "<a@x",
	    "a@x>",
	    "<a@x> b",
	    "<a@x> <b@y>",
	    "<a b@x>",
	    "<@a user@c>",
	    "\"open",
	    "\"open\\",
	    "(open",
	    "(a (b) @x",
	    "a@[1.2.3.4",
	    "a@[1.2 3.4]",
	    "[1.2.3.4]",
	    "a@x; b@y",
	    ":a@x;",
	    "a@x: b@y;",
	    "one: two: a@x;;",
	    "\\bob",
	    "a\\b@x",
	    "a@\"x\"",
	    ")",
	    "a@x)",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_list(cases[i], strlen(cases[i]), "ERROR");
}

static void
refuses_bytes_that_could_end_a_command(void **state)
{
	static const struct {
		const char *text;
		size_t len;
	} cases[] = {
	    {"a@x\r\nRCPT TO:<b@y>", 20},
	    {"a@x\nb@y", 7},
	    {"a@x\rb@y", 7},
	    {"a@x\n", 4},
	    {"a@x\r\n", 5},
	    {"a@x\r", 4},
	    {"\na@x", 4},
	    {"a@x\0b", 5},
	    {"\0", 1},
	    {"\"a\0b\"@x", 7},
	    {"\"a\nb\"@x", 7},
	    {"\"a\\\nb\"@x", 8},
	    {"(\0) a@x", 7},
	    {"(\n) a@x", 7},
	    {"a@[\0]", 5},
	    {"a\x01@x", 4},
	    {"a\x7F@x", 4},
	    {"\"a\tb\"@x", 7},
	    {"\"a\x1B\"@x", 6},
	    {"a@x\x1B", 4},
	    {"a\xFF@x", 4},
	    {"a@\xC3", 3},
	    {"\xED\xA0\x80@x", 5},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_list(cases[i].text, cases[i].len, "ERROR");
}

static void
names_place_and_address_in_errors(void **state)
{
	struct error err;
	struct address_list list;

	(void)state;
	address_list_init(&list);
	assert_int_equal(address_list_parse(&list, "ok@x, bad \x1B\n@y", 13,
			     "Cc", &err),
	    -1);
	assert_int_equal(err.code, ERROR_DATA);
	assert_string_equal(err.message,
	    "Cc \"bad \\x1B\": contains a line end");
	address_list_done(&list);
}

static void
refuses_an_address_without_end(void **state)
{
	size_t len = 100000;
	char *text = malloc(len + 1);

	(void)state;
	assert_non_null(text);
	memset(text, 'a', len);
	text[len] = '\0';
	assert_list(text, len, "ERROR");
	memcpy(text + len - 2, "@x", 2);
	assert_list(text, len, "ERROR");
	memset(text, '(', len);
	assert_list(text, len, "ERROR");
	memset(text, ',', len);
	assert_list(text, len, "");
	free(text);
}

static void
keeps_each_of_many_once(void **state)
{
	enum {
		MANY = 5000
	};
	struct address_list list;
	struct error err;
	char address[40];

	(void)state;
	address_list_init(&list);
	assert_false(address_list_has(&list, "a@x"));
	for (int i = 0; i < 2 * MANY; i++) {
		snprintf(address, sizeof address, "user%d@%s", i % MANY,
		    i < MANY ? "x.example" : "X.Example");
		assert_int_equal(address_list_add(&list, address, &err), 0);
	}
	assert_int_equal(list.count, MANY);
	assert_string_equal(list.address[MANY - 1], "user4999@x.example");
	assert_true(address_list_has(&list, "user0@X.EXAMPLE"));
	assert_false(address_list_has(&list, "USER0@x.example"));
	address_list_done(&list);
}

static void
compares_domains_without_case(void **state)
{
	(void)state;
	assert_true(address_equals("a@x.Example", "a@X.example"));
	assert_false(address_equals("A@x", "a@x"));
	assert_false(address_equals("a", "a@x"));
	assert_false(address_equals("a@x", "a"));
	assert_false(address_equals("ab@x", "a@x"));
	assert_true(address_equals("root", "root"));
}

static void
finds_the_domain(void **state)
{
	(void)state;
	assert_string_equal(address_domain("a@x"), "x");
	assert_string_equal(address_domain("\"a@b\"@x"), "x");
	assert_null(address_domain("\"a@b\""));
	assert_null(address_domain("a"));
}

static void
writes_domains_as_the_wire_wants_them(void **state)
{
	static const struct {
		const char *address;
		const char *wire; /* NULL: refused */
	} cases[] = {
	    {"a@x.example", "a@x.example"},
	    {"a@x.example.", "a@x.example"},
	    {"a@b\xC3\xBC"
	     "cher.example",
		"a@xn--bcher-kva.example"},
	    {"a@B\xC3\x9C"
	     "CHER.example",
		"a@xn--bcher-kva.example"},
	    {"a@stra\xC3\x9F"
	     "e.example",
		"a@xn--strae-oqa.example"},
	    {"a@\xE4\xBE\x8B\xE3\x80\x82\xE4\xBE\x8B", "a@xn--fsq.xn--fsq"},
	    {"\xC3\xBC@b\xC3\xBC"
	     "cher.example",
		"\xC3\xBC@b\xC3\xBC"
		"cher.example"},
	    {"a@under_score.example", "a@under_score.example"},
	    {"a@[192.0.2.1]", "a@[192.0.2.1]"},
	    {"\"a b\"@x", "\"a b\"@x"},
	    {"local", "local"},
	    {"a@x..example", NULL},
	    {"a@.example", NULL},
	    {"a@.", NULL},
	    {"a@ex!ample", NULL},
	    {"a@ex/ample", NULL},
	    {"a@[192.0.2.1].example", NULL},
	    {"a@x\xE2\x80\x8B\xF0\x9F\x98\x80", NULL},
	    {"\xC3\xBC@x..y", NULL},
	    {"a@0123456789012345678901234567890123456789012345678901234567890"
	     "123.example",
		NULL},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct error err = {.code = ERROR_NONE};
		char *wire = address_for_envelope(cases[i].address, &err);

		if (cases[i].wire == NULL && wire != NULL)
			fail_msg("%s was accepted as %s", cases[i].address,
			    wire);
		if (cases[i].wire == NULL) {
			assert_int_equal(err.code, ERROR_DATA);
			continue;
		}
		if (wire == NULL)
			fail_msg("%s: %s", cases[i].address, err.message);
		assert_string_equal(wire, cases[i].wire);
		free(wire);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(reads_what_people_write),
	    cmocka_unit_test(refuses_what_is_no_list),
	    cmocka_unit_test(refuses_bytes_that_could_end_a_command),
	    cmocka_unit_test(names_place_and_address_in_errors),
	    cmocka_unit_test(refuses_an_address_without_end),
	    cmocka_unit_test(keeps_each_of_many_once),
	    cmocka_unit_test(compares_domains_without_case),
	    cmocka_unit_test(finds_the_domain),
	    cmocka_unit_test(writes_domains_as_the_wire_wants_them),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

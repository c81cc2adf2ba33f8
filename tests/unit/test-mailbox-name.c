/* SPDX-License-Identifier: MIT */
/* Tests the names of mailboxes in modified UTF-7; includes online/. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "online/mailbox-name.h"

static const struct {
	const char *name;
	const char *text;
} pairs[] = {{"Sent", "Sent"}, {"", ""}, {"A &- B", "A & B"}, {"&-", "&"},
    {"&-&-", "&&"}, {"Entw&APw-rfe", "Entw\303\274rfe"},
    /* RFC 3501 5.1.3 */
    {"~peter/mail/&U,BTFw-/&ZeVnLIqe-",
	"~peter/mail/\345\217\260\345\214\227/\346\227\245\346\234\254\350\252"
	"\236"},
    {"&2D3c5A-", "\360\237\223\244"}, {"&AOkA6Q-", "\303\251\303\251"},
    {"&AOkA6QDp-x", "\303\251\303\251\303\251x"}, {"x&AOk-&-", "x\303\251&"}};

static void
assert_encoded(const char *text, const char *expected)
{
	struct error err;
	struct buf name;

	buf_init(&name, 256);
	assert_int_equal(mailbox_name_encode(text, &name, &err), 0);
	assert_string_equal(buf_text(&name), expected);
	buf_done(&name);
}

static void
converts_in_both_directions(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
		struct buf text;

		buf_init(&text, 256);
		assert_true(mailbox_name_decode(pairs[i].name, &text));
		assert_string_equal(buf_text(&text), pairs[i].text);
		buf_done(&text);
		assert_encoded(pairs[i].name, pairs[i].name);
		assert_encoded(pairs[i].text, pairs[i].name);
	}
}

static void
refuses_what_is_no_modified_utf_7(void **state)
{
	static const char *const names[] = {"&", "a&", "A & B", "&APw", "&AP-",
	    "&APx-", "&A-", "&AAA-", "&2D0-", "&3OQ-", "&2D0AQQ-", "&AP/-",
	    "&APw=-", "&APwA-", "\303\274", "a\tb", "\177"};

	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		struct buf text;

		buf_init(&text, 256);
		if (mailbox_name_decode(names[i], &text))
			fail_msg("%s is accepted", names[i]);
		buf_done(&text);
	}
}

static void
encodes_an_ampersand_that_begins_nothing(void **state)
{
	(void)state;
	assert_encoded("&", "&-");
	assert_encoded("Q&A", "Q&-A");
	assert_encoded("&APw", "&-APw");
}

static void
refuses_what_is_not_utf_8_or_too_long(void **state)
{
	struct error err;
	struct buf name;

	(void)state;
	buf_init(&name, 8);
	assert_int_equal(mailbox_name_encode("\374", &name, &err), -1);
	assert_int_equal(err.code, ERROR_CONFIG);
	buf_clear(&name);
	assert_int_equal(mailbox_name_encode("123456789", &name, &err), -1);
	buf_clear(&name);
	assert_int_equal(mailbox_name_encode("\303\274\303\274\303\274", &name,
			     &err),
	    -1);
	buf_done(&name);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(converts_in_both_directions),
	    cmocka_unit_test(refuses_what_is_no_modified_utf_7),
	    cmocka_unit_test(encodes_an_ampersand_that_begins_nothing),
	    cmocka_unit_test(refuses_what_is_not_utf_8_or_too_long),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

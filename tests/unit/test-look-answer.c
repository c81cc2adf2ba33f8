/* SPDX-License-Identifier: MIT */
/* Tests reading LIST, SEARCH and FETCH, and quoting; includes online/. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <string.h>

#include "online/look-answer.h"

static void
assert_mailbox(const char *text, const char *expected)
{
	struct error err;
	struct buf name;

	buf_init(&name, 256);
	assert_int_equal(look_answer_sent_mailbox(text, &name, &err), 0);
	assert_string_equal(buf_text(&name), expected);
	buf_done(&name);
}

static void
finds_the_mailbox_of_sent_mail(void **state)
{
	(void)state;
	assert_mailbox("* LIST (\\HasNoChildren) \"/\" INBOX\r\n"
		       "* LIST (\\HasNoChildren \\Sent) \"/\" Gesendet\r\n"
		       "A002 OK done\r\n",
	    "Gesendet");
	assert_mailbox("* list (\\SENT) NIL \"a \\\"b\\\" \\\\c\"\r\n",
	    "a \"b\" \\c");
	assert_mailbox("* LIST (\\Sent) \"\\\\\" {7}\r\nx\"y(z) \r\n",
	    "x\"y(z) ");
	assert_mailbox("* LIST () \".\" INBOX.Sent\r\n"
		       "* LIST (\\Sent) \".\" INBOX.Other\r\n",
	    "INBOX.Other");
	assert_mailbox("* LIST () \"/\" \"Sent Items\"\r\n"
		       "* LIST () \"/\" Sent\r\n",
	    "Sent Items");
}

static void
ignores_what_is_no_list(void **state)
{
	static const char *const texts[] = {"", "\r\n", "* LIST", "* LIST (",
	    "* LIST (\\Sent", "* LIST (\\Sent)", "* LIST (\\Sent) ",
	    "* LIST (\\Sent) \"", "* LIST (\\Sent) \"/\"",
	    "* LIST (\\Sent) \"/\" ", "* LIST (\\Sent) \"/\" \"Sent",
	    "* LIST (\\Sent) \"/\" \"Sent\\", "* LIST (\\Sent) \"/\" \"\"",
	    "* LIST (\\Sent) \"/\" {", "* LIST (\\Sent) \"/\" {4}",
	    "* LIST (\\Sent) \"/\" {4}\r\n", "* LIST (\\Sent) \"/\" {4}\r\nSen",
	    "* LIST (\\Sent) \"/\" {-1}\r\nSent\r\n",
	    "* LIST (\\Sent) \"/\" {99999999999999999999}\r\nSent\r\n",
	    "* LIST (\\Senta) \"/\" x\r\n", "* LSUB (\\Sent) \"/\" x\r\n",
	    "* LIST (\\Sent) / x\r\n", "* LIST () \"/\" Unsent\r\n"};

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		assert_mailbox(texts[i], "");
}

static void
refuses_a_name_that_is_too_long(void **state)
{
	struct error err;
	struct buf name;

	(void)state;
	buf_init(&name, 4);
	assert_int_equal(look_answer_sent_mailbox("* LIST (\\Sent) NIL Sent12",
			     &name, &err),
	    -1);
	assert_int_equal(err.code, ERROR_DATA);
	buf_done(&name);
}

static void
assert_found(const char *text, const char *expected)
{
	struct error err;
	struct buf set;

	buf_init(&set, 1024);
	assert_int_equal(look_answer_found(text, &set, &err), 0);
	assert_string_equal(buf_text(&set), expected);
	buf_done(&set);
}

static void
collects_the_numbers_of_a_search(void **state)
{
	(void)state;
	assert_found("* SEARCH 2 84 882\r\nA003 OK\r\n", "2,84,882");
	assert_found("* 3 EXISTS\r\n* SEARCH 1\r\n* search 7\r\n", "1,7");
	assert_found("* SEARCH\r\nA003 OK 5\r\n", "");
	assert_found("* SEARCH \r\n", "");
	assert_found("* SEARCH x 1\r\n", "");
	assert_found("", "");
}

static void
limits_the_numbers_of_a_search(void **state)
{
	struct error err;
	struct buf text;
	struct buf set;

	(void)state;
	buf_init(&text, 65536);
	buf_init(&set, 1024);
	buf_add_text(&text, "* SEARCH", &err);
	for (int i = 0; i < 1000; i++)
		buf_addf(&text, &err, " %d", 100000 + i);
	assert_int_equal(look_answer_found(buf_text(&text), &set, &err), 0);
	assert_in_range(set.len, 200, 300);
	buf_done(&set);
	buf_done(&text);
}

static void
finds_received_fields_and_refusals(void **state)
{
	(void)state;
	assert_true(look_answer_has_received(
	    "* 1 FETCH (BODY[HEADER.FIELDS (RECEIVED)] {20}\r\n"
	    "received: from x\r\n\r\n)\r\n"));
	assert_false(look_answer_has_received(
	    "* 1 FETCH (BODY[HEADER.FIELDS (RECEIVED)] {2}\r\n\r\n)\r\n"));
	assert_memory_equal(look_answer_refusal("* NO x\r\nA001 NO y\r\n"
						"A002 OK z\r\n"),
	    "NO y\r\n", 6);
	assert_string_equal(look_answer_refusal("* BYE\r\nA2 BAD"), "");
	assert_string_equal(look_answer_refusal(""), "");
}

static void
quotes_for_imap_and_libcurl(void **state)
{
	struct error err;
	struct buf command;

	(void)state;
	buf_init(&command, 256);
	assert_int_equal(look_answer_quote(&command, "a\"b\\c%d", &err), 0);
	assert_string_equal(buf_text(&command), "\"a\\\"b\\\\c%25d\"");
	assert_int_equal(look_answer_quote(&command, "a\r\nb", &err), -1);
	assert_int_equal(err.code, ERROR_DATA);
	assert_int_equal(look_answer_quote(&command, "\177", &err), -1);
	buf_done(&command);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(finds_the_mailbox_of_sent_mail),
	    cmocka_unit_test(ignores_what_is_no_list),
	    cmocka_unit_test(refuses_a_name_that_is_too_long),
	    cmocka_unit_test(collects_the_numbers_of_a_search),
	    cmocka_unit_test(limits_the_numbers_of_a_search),
	    cmocka_unit_test(finds_received_fields_and_refusals),
	    cmocka_unit_test(quotes_for_imap_and_libcurl),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

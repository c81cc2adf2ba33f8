/* SPDX-License-Identifier: MIT */
/* Tests the state of a queued message: what is written is read again, and
 * nothing else is accepted. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "base/buf.h"
#include "spool/entry-file.h"

static const char text[] = "postrider-queue 1\n"
			   "account work\n"
			   "sender \n"
			   "notify FAILURE\n"
			   "message-id <a@example.org>\n"
			   "cause greylisting\n"
			   "reply 450 later\n"
			   "size 12\n"
			   "created 34\n"
			   "next 56\n"
			   "tries 7\n"
			   "tried 55\n"
			   "held 0\n"
			   "utf8 1\n"
			   "recipient sent a@example.org\n"
			   "recipient waiting \"b c\"@example.org\n"
			   "reason 450 later\n"
			   "end\n";

/* Version 2 has texts of recipients. */
static const char reports[] = "postrider-queue 2\n"
			      "account work\n"
			      "sender me@example.org\n"
			      "size 12\n"
			      "created 34\n"
			      "next 56\n"
			      "tries 0\n"
			      "tried 0\n"
			      "held 0\n"
			      "utf8 0\n"
			      "recipient waiting a@example.org\n"
			      "recipient-notify NEVER\n"
			      "reason later\n"
			      "recipient waiting b@example.org\n"
			      "recipient-notify SUCCESS,DELAY\n"
			      "recipient-original rfc822;c+2B@example.org\n"
			      "recipient waiting c@example.org\n"
			      "end\n";

static void
assert_is_kept(const char *state, struct spool_entry *entry)
{
	struct error err;
	struct buf out;

	spool_entry_init(entry);
	buf_init(&out, SPOOL_STATE_MAX);
	assert_int_equal(spool_entry_parse(entry, state, strlen(state), "x",
			     &err),
	    0);
	assert_int_equal(spool_entry_format(entry, &out, &err), 0);
	assert_string_equal(buf_text(&out), state);
	buf_done(&out);
}

static void
is_read_as_it_was_written(void **state)
{
	struct spool_entry entry;

	(void)state;
	assert_is_kept(text, &entry);
	assert_string_equal(entry.text[SPOOL_SENDER], "");
	assert_null(entry.text[SPOOL_RETURN_TYPE]);
	assert_int_equal(entry.number[SPOOL_TRIES], 7);
	assert_int_equal(entry.count, 2);
	assert_int_equal(spool_entry_count(&entry, SPOOL_SENT), 1);
	assert_string_equal(entry.recipient[1].address, "\"b c\"@example.org");
	assert_string_equal(entry.recipient[1].reason, "450 later");
	spool_entry_done(&entry);
}

static void
texts_of_recipients_are_their_own(void **state)
{
	struct spool_entry entry;

	(void)state;
	assert_is_kept(reports, &entry);
	assert_string_equal(entry.recipient[0].notify, "NEVER");
	assert_null(entry.recipient[0].original);
	assert_string_equal(entry.recipient[0].reason, "later");
	assert_string_equal(entry.recipient[1].notify, "SUCCESS,DELAY");
	assert_string_equal(entry.recipient[1].original,
	    "rfc822;c+2B@example.org");
	assert_null(entry.recipient[2].notify);
	spool_entry_done(&entry);
}

static void
every_truncation_is_found(void **state)
{
	(void)state;
	for (size_t len = 0; len < strlen(text); len++) {
		struct spool_entry entry;
		struct error err;

		spool_entry_init(&entry);
		if (spool_entry_parse(&entry, text, len, "x", &err) == 0)
			fail_msg("%zu bytes", len);
		assert_int_equal(err.code, ERROR_DATA);
		spool_entry_done(&entry);
	}
}

static void
what_is_damaged_is_refused(void **state)
{
	static const struct {
		const char *text;
		enum error_code code;
	} rows[] = {
	    {"postrider-queue 3\nend\n", ERROR_CONFIG},
	    {"postrider-queue 0\nend\n", ERROR_DATA},
	    {"postrider-queue\nend\n", ERROR_DATA},
	    {"postrider-queue 1\nend\n", ERROR_DATA},
	    {"postrider-queue 1\naccount a\nsender s\nend\n", ERROR_DATA},
	    {"postrider-queue 1\naccount a\nsender s\nreason r\nend\n",
		ERROR_DATA},
	    {"postrider-queue 2\naccount a\nsender s\n"
	     "recipient-notify NEVER\nrecipient sent a\nend\n",
		ERROR_DATA},
	    {"postrider-queue 1\naccount a\nsender s\nsize x\n"
	     "recipient sent a\nend\n",
		ERROR_DATA},
	    {"postrider-queue 1\naccount a\nsender s\n"
	     "recipient lost a\nend\n",
		ERROR_DATA},
	    {"postrider-queue 1\naccount a\nsender s\n"
	     "recipient sent \nend\n",
		ERROR_DATA},
	    {"postrider-queue 1\naccount a\nsender s\n"
	     "recipient sent a\nmore x\nend\n",
		ERROR_DATA},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct spool_entry entry;
		struct error err;

		spool_entry_init(&entry);
		if (spool_entry_parse(&entry, rows[i].text,
			strlen(rows[i].text), "x", &err) == 0)
			fail_msg("%s", rows[i].text);
		assert_int_equal(err.code, rows[i].code);
		spool_entry_done(&entry);
	}
}

static void
a_second_line_is_not_written(void **state)
{
	struct spool_entry entry;
	struct error err;
	struct buf out;

	(void)state;
	spool_entry_init(&entry);
	buf_init(&out, SPOOL_STATE_MAX);
	assert_int_equal(spool_entry_set(&entry, SPOOL_ACCOUNT, "a\nb", &err),
	    0);
	assert_int_equal(spool_entry_format(&entry, &out, &err), -1);
	assert_int_equal(err.code, ERROR_DATA);
	buf_done(&out);
	spool_entry_done(&entry);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(is_read_as_it_was_written),
	    cmocka_unit_test(texts_of_recipients_are_their_own),
	    cmocka_unit_test(every_truncation_is_found),
	    cmocka_unit_test(what_is_damaged_is_refused),
	    cmocka_unit_test(a_second_line_is_not_written),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

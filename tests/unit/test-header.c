/* SPDX-License-Identifier: MIT */
/*
 * Tests the header section: which lines are fields, which recipients they name,
 * and which fields are removed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "message/header.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static void
parse_header(struct header *header, const char *text)
{
	struct error err;

	header_init(header);
	if (header_parse(header, text, strlen(text), true, &err) == -1)
		fail_msg("%s: %s", text, err.message);
}

/* Returns the header as it is sent; the caller frees. */
static char *
leaving(const char *text)
{
	struct header header;
	struct buf out;
	struct error err;
	char *result;

	parse_header(&header, text);
	header_strip(&header);
	buf_init(&out, 4096);
	assert_int_equal(header_write(&header, &out, &err), 0);
	result = buf_take(&out);
	header_done(&header);
	return result;
}

static void
assert_leaving(const char *text, const char *expected)
{
	char *left = leaving(text);

	assert_string_equal(left, expected);
	free(left);
}

static void
assert_recipients(const char *text, const char *expected)
{
	struct address_list list;
	struct header header;
	struct buf out;
	struct error err;

	parse_header(&header, text);
	address_list_init(&list);
	if (header_recipients(&header, &list, &err) == -1)
		fail_msg("%s: %s", text, err.message);
	buf_init(&out, 4096);
	for (size_t i = 0; i < list.count; i++)
		buf_addf(&out, &err, "%s%s", i > 0 ? " " : "", list.address[i]);
	assert_string_equal(buf_text(&out), expected);
	buf_done(&out);
	address_list_done(&list);
	header_done(&header);
}

static void
finds_where_the_body_begins(void **state)
{
	static const struct {
		const char *text;
		size_t fields;
		const char *body;
		bool separated;
	} cases[] = {
	    {"", 0, "", false},
	    {"\nbody", 0, "body", true},
	    {"\r\nbody", 0, "body", true},
	    {"A: 1\n\nbody\n", 1, "body\n", true},
	    {"A: 1\r\n\r\nbody", 1, "body", true},
	    {"A: 1\r\rbody", 1, "body", true},
	    {"A: 1\n\r\nbody", 1, "body", true},
	    {"A: 1\r\n\nbody", 1, "body", true},
	    {"A: 1\r\r\nbody", 1, "body", true},
	    {"A: 1\n\n\nbody", 1, "\nbody", true},
	    {"A: 1\n\n B: 2\n", 1, " B: 2\n", true},
	    {"A: 1", 1, "", false},
	    {"A: 1\n", 1, "", false},
	    {"A: 1\n\n", 1, "", true},
	    {"A: 1\nB: 2\n\nbody", 2, "body", true},
	    {"A: 1\rB: 2\n\nbody", 2, "body", true},
	    {"A: 1\n 2\n\t3\n\nbody", 1, "body", true},
	    {"A: 1\n \n\t\nB: 2\n\nbody", 2, "body", true},
	    {"A:\n\nbody", 1, "body", true},
	    {"A :1\n\nbody", 1, "body", true},
	    {"A \t : 1\n\nbody", 1, "body", true},
	    {"just text\nA: 1\n\nmore", 0, "just text\nA: 1\n\nmore", false},
	    {" indented: text\n", 0, " indented: text\n", false},
	    {": x\n", 0, ": x\n", false},
	    {"two words: x\n", 0, "two words: x\n", false},
	    {"A: 1\nno field\nB: 2\n\nx", 1, "no field\nB: 2\n\nx", false},
	    {"From alice Mon Jan 1\nA: 1\n\nbody", 1, "body", true},
	    {">From alice Mon Jan 1\r\nA: 1\r\n\r\nbody", 1, "body", true},
	    {"From alice: x\nA: 1\n\nbody", 1, "body", true},
	    {"From alice\n\nbody", 0, "body", true},
	    {"From alice\nbody", 0, "body", false},
	    {"From alice", 0, "", false},
	    {"From : a@x\n\nbody", 1, "body", true},
	    {"From: a@x\n\nbody", 1, "body", true},
	    {"A: 1\nFrom alice\nB: 2\n", 1, "From alice\nB: 2\n", false},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct header header;

		parse_header(&header, cases[i].text);
		if (header.count != cases[i].fields ||
		    header.separated != cases[i].separated)
			fail_msg("\"%s\": %zu fields, %sseparated",
			    cases[i].text, header.count,
			    header.separated ? "" : "not ");
		assert_string_equal(cases[i].text + header.body_offset,
		    cases[i].body);
		header_done(&header);
	}
}

static void
finds_fields_by_name_without_case(void **state)
{
	const struct header_field *field;
	struct header header;
	size_t index = 9;

	(void)state;
	parse_header(&header, "SUBJECT :  one\n two\nTo: a\nsubject: b\n\n");
	field = header_find(&header, "Subject", 0, &index);
	assert_non_null(field);
	assert_int_equal(index, 0);
	assert_int_equal(field->name_len, 7);
	assert_memory_equal(field->value, "  one\n two", field->value_len);
	assert_int_equal(field->value_len, 10);
	field = header_find(&header, "Subject", 1, &index);
	assert_non_null(field);
	assert_int_equal(index, 2);
	assert_null(header_find(&header, "Subjec", 0, NULL));
	header_done(&header);
}

static void
finds_recipients(void **state)
{
	(void)state;
	assert_recipients("To: a@x, b@x\nCc: c@x\nBcc: d@x\n\n",
	    "a@x b@x c@x d@x");
	assert_recipients("To: a@x\nTO: b@x\nReply-To: c@x\nFrom: d@x\n\n",
	    "a@x b@x");
	assert_recipients("bcc : a@x,\n b@x\n\n", "a@x b@x");
	assert_recipients("To: a@x\rBcc: b@x\n\n", "a@x b@x");
	assert_recipients("To: a@x,\r\n\tb@x,\r c@x\r\n\r\n", "a@x b@x c@x");
	assert_recipients("To: a@x, A <a@X>\nCc: a@x\n\n", "a@x");
	assert_recipients("To: undisclosed-recipients:;\n\n", "");
	assert_recipients("To:\nBcc: \n a@x\n\n", "a@x");
	assert_recipients("Subject: x\n\nTo: a@x\n", "");
}

static void
takes_resent_recipients_alone(void **state)
{
	(void)state;
	assert_recipients("Resent-To: r@x\nTo: a@x\nBcc: b@x\n\n", "r@x");
	assert_recipients("To: a@x\nResent-Bcc: r@x\nResent-cc: s@x\n\n",
	    "r@x s@x");
	assert_recipients("To: a@x\nResent-From: r@x\n\n", "a@x");
}

static void
names_the_field_that_is_at_fault(void **state)
{
	struct address_list list;
	struct header header;
	struct error err;

	(void)state;
	parse_header(&header, "To: a@x\nCC: b b@x\n\n");
	address_list_init(&list);
	assert_int_equal(header_recipients(&header, &list, &err), -1);
	assert_int_equal(err.code, ERROR_DATA);
	assert_non_null(strstr(err.message, "CC \"b b"));
	address_list_done(&list);
	header_done(&header);
}

static void
finds_the_sender_in_from(void **state)
{
	struct address_list list;
	struct header header;
	struct error err;

	(void)state;
	parse_header(&header,
	    "Sender: s@x\nFrom: Alice\n <a@x>\nFrom: b@x\n\n");
	address_list_init(&list);
	assert_int_equal(header_senders(&header, &list, &err), 0);
	assert_int_equal(list.count, 1);
	assert_string_equal(list.address[0], "a@x");
	address_list_done(&list);
	header_done(&header);
}

static void
removes_bcc_however_it_is_written(void **state)
{
	(void)state;
	assert_leaving("To: a@x\nBcc: b@x\n\n", "To: a@x\n\n");
	assert_leaving("Bcc: b@x", "\n");
	assert_leaving("BCC:b@x\nTo: a@x\n\n", "To: a@x\n\n");
	assert_leaving("bcc \t: b@x\nTo: a@x\n\n", "To: a@x\n\n");
	assert_leaving("Bcc: b@x,\n c@x\n \n\td@x\nTo: a@x\n\n", "To: a@x\n\n");
	assert_leaving("To: a@x\rBcc: b@x\rCc: c@x\n\n",
	    "To: a@x\rCc: c@x\n\n");
	assert_leaving("Bcc: 1\nTo: a@x\nBcc: 2\nBcc: 3\n\n", "To: a@x\n\n");
	assert_leaving("Resent-Bcc: b@x\nReturn-Path: <c@x>\n"
		       "Content-Length: 5\nContent-Type: text/plain\n\n",
	    "Content-Type: text/plain\n\n");
}

static void
keeps_the_other_bytes(void **state)
{
	(void)state;
	assert_leaving("A:1\r\nB :\t2 \n  3\r\n \r\nC: \xFC\xC3\xBC\n\nbody",
	    "A:1\r\nB :\t2 \n  3\r\n \r\nC: \xFC\xC3\xBC\n\r\n");
	assert_leaving("From x\nA: 1\n\n", "A: 1\n\n");
}

static void
ends_the_last_line(void **state)
{
	(void)state;
	assert_leaving("A: 1", "A: 1\n\n");
	assert_leaving("A: 1\r\nB: 2", "A: 1\r\nB: 2\r\n\r\n");
	assert_leaving("A: 1\nBcc: x", "A: 1\n\n");
}

/* A stray CR with an LF added after it would be one line end, not two. */
static void
keeps_the_empty_line_behind_a_stray_cr(void **state)
{
	(void)state;
	assert_leaving("A: 1\r\rbody", "A: 1\r\r\n");
	assert_leaving("A: 1\nB: 2\rBcc: x\n\nbody", "A: 1\nB: 2\r\r\n");
}

static void
refuses_nul_in_the_header_section(void **state)
{
	static const struct {
		const char *text;
		size_t len;
		const char *where;
	} cases[] = {
	    {"To: a@x\n\0Bcc: b@x\n\n", 19, "line 2"},
	    {"To: a@x\nBcc\0: b@x\n\n", 19, "line 2"},
	    {"To: a@x\r\nB: 1\r\n\0\r\n\r\n", 20, "line 3"},
	    {"A: \0\n\n", 6, "line 1"},
	    {"A: 1\n \0\n\n", 9, "line 2"},
	    {"\0Bcc: b@x\n", 10, "line 1"},
	    {"\0", 1, "line 1"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct header header;
		struct error err;

		header_init(&header);
		assert_int_equal(header_parse(&header, cases[i].text,
				     cases[i].len, true, &err),
		    -1);
		assert_int_equal(err.code, ERROR_DATA);
		assert_non_null(strstr(err.message, cases[i].where));
		assert_int_equal(header.count, 0);
	}
}

static void
leaves_nul_in_the_body_alone(void **state)
{
	struct header header;
	struct error err;

	(void)state;
	header_init(&header);
	assert_int_equal(header_parse(&header, "A: 1\n\n\0", 7, true, &err), 0);
	assert_int_equal(header.body_offset, 6);
	header_done(&header);
}

static void
bounds_the_header_section(void **state)
{
	size_t len = HEADER_SIZE_MAX + 1;
	char *text = malloc(len);
	struct header header;
	struct error err;

	(void)state;
	assert_non_null(text);
	header_init(&header);
	memset(text, 'x', len);
	memcpy(text, "A: ", 3);
	assert_int_equal(header_parse(&header, text, len, false, &err), -1);
	assert_int_equal(err.code, ERROR_DATA);
	/* A field that may begin after the truncation is not part of the body.
	 */
	text[len - 5] = '\n';
	memcpy(text + len - 4, "Bcc:", 4);
	assert_int_equal(header_parse(&header, text, len, false, &err), -1);
	/* One byte more than the limit shows that the section has ended. */
	memcpy(text + len - 5, "xx\n\nb", 5);
	assert_int_equal(header_parse(&header, text, len, false, &err), 0);
	assert_int_equal(header.body_offset, len - 1);
	/* Text without any header may have endless lines. */
	text[1] = 'x';
	assert_int_equal(header_parse(&header, text, len, false, &err), 0);
	assert_int_equal(header.body_offset, 0);
	header_done(&header);
	free(text);
}

static void
refuses_recipient_fields_after_a_line_that_is_no_field(void **state)
{
	static const struct {
		const char *text;
		unsigned line;       /* the one that is not a field */
		unsigned field_line; /* 0: the message is accepted */
	} cases[] = {
	    {"Subject: x\noops\nBcc: b@x\n\nbody", 2, 3},
	    {"Subject: x\noops\nTo: b@x\n\nbody", 2, 3},
	    {"Subject: x\noops\nCC: b@x\n\nbody", 2, 3},
	    {"Subject: x\noops\nbCC \t: b@x\n\nbody", 2, 3},
	    {"Subject: x\noops\nResent-To: b@x\n\nbody", 2, 3},
	    {"Subject: x\noops\nResent-Cc: b@x\n\nbody", 2, 3},
	    {"Subject: x\noops\nresent-bcc: b@x\n\nbody", 2, 3},
	    {"Subject: x\r\noops\r\nBcc: b@x\r\n\r\nbody", 2, 3},
	    {"Subject: x\roops\rBcc: b@x\r\rbody", 2, 3},
	    {"Subject: x\noops\nBcc: b@x", 2, 3},
	    {"Subject: x\noops\nBcc:\n b@x", 2, 3},
	    {"Subject: x\noops\nX: y\n z\nBcc: b@x\n\n", 2, 5},
	    {"Subject: x\n y\noops\n z\nBcc: b@x\n\n", 3, 5},
	    {"Subject: x\nFrom a Jan 1\nBcc: b@x\n\n", 2, 3},
	    {"Subject: x\noops\n \nBcc: b@x\n\nbody", 2, 4},
	    {"From a Jan 1\nSubject: x\noops\nBcc: b@x\n\n", 3, 4},
	    {"From a Jan 1\nFrom a Jan 1\nBcc: b@x\n\n", 2, 3},
	    {"oops\nBcc: b@x\n\nbody", 1, 2},
	    {" Subject: x\nBcc: b@x\n\nbody", 1, 2},
	    {"Subject: x\noops\n\nBcc: b@x\n", 0, 0},
	    {"Subject: x\r\noops\r\n\r\nBcc: b@x\r\n", 0, 0},
	    {"Subject: x\noops\n Bcc: b@x\n\n", 0, 0},
	    {"Subject: x\noops\nX-Bcc: b@x\nReply-To: b@x\n\n", 0, 0},
	    {"Subject: x\noops\nBcc b@x\nsee To and Cc\n", 0, 0},
	    {"oops\n\nBcc: b@x\n", 0, 0},
	    {"\noops\nBcc: b@x\n", 0, 0},
	    {"From a Jan 1\n\nBcc: b@x\n", 0, 0},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct header header;
		struct error err;
		char line[32];
		char field_line[32];
		int result;

		header_init(&header);
		result = header_parse(&header, cases[i].text,
		    strlen(cases[i].text), true, &err);
		if ((result == -1) != (cases[i].field_line > 0))
			fail_msg("\"%s\": %d", cases[i].text, result);
		header_done(&header);
		if (result == 0)
			continue;
		snprintf(line, sizeof line, "line %u ", cases[i].line);
		snprintf(field_line, sizeof field_line, " line %u ",
		    cases[i].field_line);
		assert_int_equal(err.code, ERROR_DATA);
		assert_int_equal(strncmp(err.message, line, strlen(line)), 0);
		assert_non_null(strstr(err.message, field_line));
		assert_non_null(strstr(err.hint, "empty line"));
	}
}

static void
appends_with_the_line_end_in_use(void **state)
{
	static const struct {
		const char *before;
		const char *after;
	} cases[] = {
	    {"", "New: v\n\n"},
	    {"A: 1\n\n", "A: 1\nNew: v\n\n"},
	    {"A: 1\r\n\r\n", "A: 1\r\nNew: v\r\n\r\n"},
	    {"A: 1", "A: 1\nNew: v\n\n"},
	    {"A: 1\r\nB: 2", "A: 1\r\nB: 2\r\nNew: v\r\n\r\n"},
	    {"A: 1\r\r", "A: 1\rNew: v\n\n"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct header header;
		struct error err;
		struct buf out;

		parse_header(&header, cases[i].before);
		assert_int_equal(header_append(&header, "New", "v", &err), 0);
		buf_init(&out, 4096);
		assert_int_equal(header_write(&header, &out, &err), 0);
		assert_string_equal(buf_text(&out), cases[i].after);
		assert_non_null(header_find(&header, "new", 0, NULL));
		buf_done(&out);
		header_done(&header);
	}
}

static void
folds_long_values_at_spaces(void **state)
{
	const char *word = "123456789 123456789 123456789 123456789";
	struct header header;
	struct error err;
	struct buf value;
	struct buf out;

	(void)state;
	header_init(&header);
	buf_init(&value, 4096);
	buf_init(&out, 4096);
	buf_addf(&value, &err, "%s %s  %s", word, word, word);
	assert_int_equal(header_append(&header, "New", value.data, &err), 0);
	assert_int_equal(header_write(&header, &out, &err), 0);
	assert_string_equal(out.data,
	    "New: 123456789 123456789 123456789 123456789"
	    " 123456789 123456789 123456789\n"
	    " 123456789  123456789 123456789 123456789 123456789\n\n");
	buf_done(&value);
	buf_done(&out);
	header_done(&header);
}

static void
refuses_to_append_a_second_line(void **state)
{
	static const char *const values[] = {"a\nBcc: b", "a\rBcc: b", "\n"};
	struct header header;
	struct error err;

	(void)state;
	header_init(&header);
	for (size_t i = 0; i < COUNT(values); i++) {
		assert_int_equal(header_append(&header, "X", values[i], &err),
		    -1);
		assert_int_equal(err.code, ERROR_DATA);
	}
	assert_int_equal(header_append(&header, "X\nY", "v", &err), -1);
	assert_int_equal(header.count, 0);
	header_done(&header);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(finds_where_the_body_begins),
	    cmocka_unit_test(finds_fields_by_name_without_case),
	    cmocka_unit_test(finds_recipients),
	    cmocka_unit_test(takes_resent_recipients_alone),
	    cmocka_unit_test(names_the_field_that_is_at_fault),
	    cmocka_unit_test(finds_the_sender_in_from),
	    cmocka_unit_test(removes_bcc_however_it_is_written),
	    cmocka_unit_test(keeps_the_other_bytes),
	    cmocka_unit_test(ends_the_last_line),
	    cmocka_unit_test(keeps_the_empty_line_behind_a_stray_cr),
	    cmocka_unit_test(refuses_nul_in_the_header_section),
	    cmocka_unit_test(leaves_nul_in_the_body_alone),
	    cmocka_unit_test(bounds_the_header_section),
	    cmocka_unit_test(
		refuses_recipient_fields_after_a_line_that_is_no_field),
	    cmocka_unit_test(appends_with_the_line_end_in_use),
	    cmocka_unit_test(folds_long_values_at_spaces),
	    cmocka_unit_test(refuses_to_append_a_second_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

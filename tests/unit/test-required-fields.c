/* SPDX-License-Identifier: MIT */
/* Tests the fields that are added: From, Date and Message-ID. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "message/encoded-word.h"
#include "message/required-fields.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static const struct required_fields plain = {.address = "a@x.example",
    .full_name = "Alice",
    .id_domain = "x.example",
    .now = 1795208645};

/* The header that a message has after required; the caller frees. */
static char *
fixed(const char *text, const struct required_fields *required)
{
	struct header header;
	struct error err;
	struct buf out;
	char *result;

	header_init(&header);
	assert_int_equal(header_parse(&header, text, strlen(text), true, &err),
	    0);
	if (required_fields_add(&header, required, &err) == -1)
		fail_msg("%s", err.message);
	buf_init(&out, 65536);
	assert_int_equal(header_write(&header, &out, &err), 0);
	result = buf_take(&out);
	header_done(&header);
	return result;
}

static void
assert_from(const char *full_name, const char *expected)
{
	struct required_fields required = plain;
	char *text;

	required.full_name = full_name;
	text = fixed("Date: d\nMessage-ID: m\n\n", &required);
	assert_string_equal(text + strlen("Date: d\nMessage-ID: m\n"),
	    expected);
	free(text);
}

/* At the start of what was resent last, so that an older block stays whole. */
static void
adds_the_fields_of_a_resent_message(void **state)
{
	struct required_fields resent = plain;
	char *text;

	(void)state;
	resent.is_resent = true;
	text = fixed("From: f\nDate: d\nMessage-ID: m\nResent-To: r\n"
		     "Subject: s\n\nbody",
	    &resent);
	assert_non_null(strstr(text,
	    "From: f\nDate: d\nMessage-ID: m\n"
	    "Resent-From: Alice <a@x.example>\n"
	    "Resent-Date: Fri, 20 Nov 2026 21:04:05 +0000\n"
	    "Resent-Message-ID: <20261120210405."));
	assert_non_null(
	    strstr(text, "@x.example>\nResent-To: r\nSubject: s\n\n"));
	free(text);
	text = fixed("Resent-Message-ID: i\nResent-Date: d\nResent-From: f\n"
		     "From: f\nDate: d\nMessage-ID: m\n\n",
	    &resent);
	assert_string_equal(text,
	    "Resent-Message-ID: i\nResent-Date: d\nResent-From: f\n"
	    "From: f\nDate: d\nMessage-ID: m\n\n");
	free(text);
}

static void
adds_what_is_missing(void **state)
{
	char *text = fixed("Subject: s\n\nbody", &plain);

	(void)state;
	assert_non_null(
	    strstr(text, "Subject: s\nFrom: Alice <a@x.example>\n"));
	assert_non_null(
	    strstr(text, "\nDate: Fri, 20 Nov 2026 21:04:05 +0000\n"));
	assert_non_null(strstr(text, "\nMessage-ID: <20261120210405."));
	assert_non_null(strstr(text, "@x.example>\n\n"));
	free(text);
}

static void
keeps_what_is_there(void **state)
{
	const char *whole = "FROM : b@y\r\nDate:\r\nmessage-id: x\r\n\r\n";
	char *text = fixed(whole, &plain);

	(void)state;
	assert_string_equal(text, whole);
	free(text);
}

static void
writes_crlf_into_crlf_headers(void **state)
{
	char *text = fixed("Subject: s\r\n\r\nbody", &plain);

	(void)state;
	for (const char *at = strchr(text, '\n'); at != NULL;
	     at = strchr(at + 1, '\n'))
		assert_int_equal(at[-1], '\r');
	assert_non_null(strstr(text, "\r\nFrom: Alice <a@x.example>\r\n"));
	free(text);
}

static void
works_without_any_header(void **state)
{
	char *text = fixed("just text\n", &plain);

	(void)state;
	assert_true(text_has_prefix(text, "From: Alice <a@x.example>\nDate: "));
	assert_string_equal(text + strlen(text) - 3, ">\n\n");
	free(text);
}

static void
quotes_names_as_they_need(void **state)
{
	static const struct {
		const char *name;
		const char *from;
	} cases[] = {
	    {NULL, "From: <a@x.example>\n\n"},
	    {"", "From: <a@x.example>\n\n"},
	    {"  ", "From: <a@x.example>\n\n"},
	    {"Alice Liddell", "From: Alice Liddell <a@x.example>\n\n"},
	    {" Alice ", "From: Alice <a@x.example>\n\n"},
	    {"Alice Q. Liddell",
		"From: \"Alice Q. Liddell\" <a@x.example>\n\n"},
	    {"Liddell, Alice", "From: \"Liddell, Alice\" <a@x.example>\n\n"},
	    {"Al \"Ice\" \\ <b@y>",
		"From: \"Al \\\"Ice\\\" \\\\ <b@y>\" <a@x.example>\n\n"},
	    {"=?UTF-8?Q?J=C3=BC?=",
		"From: =?UTF-8?Q?J=C3=BC?= <a@x.example>\n\n"},
	    {"J\xC3\xBCrgen M.",
		"From: =?UTF-8?Q?J=C3=BCrgen_M=2E?= <a@x.example>\n\n"},
	    {"\xE4\xBE\x8B\xE4\xBE\x8B",
		"From: =?UTF-8?B?5L6L5L6L?= <a@x.example>\n\n"},
	    {"J\xFCrgen", "From: <a@x.example>\n\n"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_from(cases[i].name, cases[i].from);
}

static void
refuses_names_and_addresses_that_inject(void **state)
{
	static const struct {
		const char *name;
		const char *address;
		const char *id_domain;
	} cases[] = {
	    {"Al\nBcc: b@y", "a@x", "x"},
	    {"Al\rBcc: b@y", "a@x", "x"},
	    {"Al\x1B[2J", "a@x", "x"},
	    {"Al", "a@x\nBcc: b@y", "x"},
	    {"Al", "a@x>, <b@y", "x"},
	    {"Al", "a@x, b@y", "x"},
	    {"Al", "", "x"},
	    {"Al", "a@x", "x\nBcc: b@y"},
	    {"Al", "a@x", "x> <y"},
	    {"Al", "a@x", ""},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct required_fields required = {.address = cases[i].address,
		    .full_name = cases[i].name,
		    .id_domain = cases[i].id_domain};
		struct header header;
		struct error err;

		header_init(&header);
		assert_int_equal(required_fields_add(&header, &required, &err),
		    -1);
		assert_int_equal(err.code, ERROR_DATA);
		header_done(&header);
	}
}

static void
makes_each_message_id_anew(void **state)
{
	char *one = fixed("From: a\nDate: d\n\n", &plain);
	char *two = fixed("From: a\nDate: d\n\n", &plain);

	(void)state;
	assert_string_not_equal(one, two);
	free(one);
	free(two);
}

/* Whole characters in each word, no word over 75 bytes: RFC 2047 2 and 5. */
static void
cuts_encoded_words_at_characters(void **state)
{
	static const char *const units[] = {"\xC3\xBC", "\xE4\xBE\x8B",
	    "\xF0\x9F\x98\x80", "abcdefg\xC3\xBC"};

	(void)state;
	for (size_t i = 0; i < COUNT(units); i++) {
		size_t unit_len = strlen(units[i]);
		struct buf name;
		struct buf out;
		struct error err;

		buf_init(&name, 4096);
		buf_init(&out, 4096);
		for (int n = 0; n < 60; n++)
			buf_add(&name, units[i], unit_len, &err);
		assert_int_equal(encoded_word_write(&out, name.data, name.len,
				     &err),
		    0);
		for (char *word = out.data; word != NULL;) {
			size_t len = strcspn(word, " ");

			assert_true(len <= 75);
			assert_true(text_has_prefix(word, "=?UTF-8?"));
			assert_memory_equal(word + len - 2, "?=", 2);
			/* A divided character would begin with a continuation
			 * byte. */
			assert_memory_not_equal(word + 10, "=A", 2);
			assert_memory_not_equal(word + 10, "=B", 2);
			assert_memory_not_equal(word + 10, "=8", 2);
			if (word[8] == 'B')
				assert_true((len - 12) % 4 == 0);
			word = word[len] == ' ' ? word + len + 1 : NULL;
		}
		buf_done(&name);
		buf_done(&out);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(adds_what_is_missing),
	    cmocka_unit_test(adds_the_fields_of_a_resent_message),
	    cmocka_unit_test(keeps_what_is_there),
	    cmocka_unit_test(writes_crlf_into_crlf_headers),
	    cmocka_unit_test(works_without_any_header),
	    cmocka_unit_test(quotes_names_as_they_need),
	    cmocka_unit_test(refuses_names_and_addresses_that_inject),
	    cmocka_unit_test(makes_each_message_id_anew),
	    cmocka_unit_test(cuts_encoded_words_at_characters),
	};

	setenv("TZ", "UTC", 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}

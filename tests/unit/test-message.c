/* SPDX-License-Identifier: MIT */
/* Tests streaming a whole message, and its measured properties. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/crlf.h"
#include "base/file.h"
#include "message/message.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* A message read from a file with that content, not sealed yet. */
static void
read_message(struct message *message, const char *text, size_t len)
{
	struct error err;
	int fd = file_open_unnamed(&err);

	assert_true(fd != -1);
	assert_int_equal(file_write(fd, text, len, &err), 0);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	message_init(message);
	if (message_read(message, fd, false, &err) == -1)
		fail_msg("%s", err.message);
	close(fd);
}

static void
seal(struct message *message)
{
	struct error err;

	if (message_seal(message, &err) == -1)
		fail_msg("%s", err.message);
}

/* Reads all of message_next, in steps of step bytes. */
static void
collect(struct message *message, size_t step, struct buf *out)
{
	struct error err;
	long got;

	buf_clear(out);
	message_rewind(message);
	do {
		assert_int_equal(buf_reserve(out, step, &err), 0);
		got = message_next(message, out->data + out->len, step, &err);
		assert_true(got >= 0);
		out->len += (size_t)got;
	} while (got > 0);
	out->data[out->len] = '\0';
}

static void
streams_head_and_body_any_number_of_times(void **state)
{
	static const struct {
		const char *text;
		const char *sent;
	} cases[] = {
	    {"To: a@x\nBcc: b@x\n\nbody\n", "To: a@x\n\nbody\n"},
	    {"To: a@x\r\n\r\n.\r\nbody", "To: a@x\r\n\r\n.\r\nbody"},
	    {"just text", "\njust text"},
	    {"", "\n"},
	    {"To: a@x", "To: a@x\n\n"},
	    {"To: a@x\nno field\nX: c\n", "To: a@x\n\nno field\nX: c\n"},
	    {"From x\nTo: a@x\n\nFrom y\n", "To: a@x\n\nFrom y\n"},
	};
	static const size_t steps[] = {1, 3, 1000};
	struct buf out;

	(void)state;
	buf_init(&out, 4096);
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct message message;

		read_message(&message, cases[i].text, strlen(cases[i].text));
		header_strip(&message.header);
		seal(&message);
		for (size_t step = 0; step < COUNT(steps); step++) {
			collect(&message, steps[step], &out);
			assert_string_equal(buf_text(&out), cases[i].sent);
		}
		message_done(&message);
	}
	buf_done(&out);
}

static void
measures_what_goes_over_the_wire(void **state)
{
	static const char *const cases[] = {
	    "",
	    "A: 1\n\n",
	    "A: 1\n\nbody",
	    "A: 1\n\nbody\n",
	    "A: 1\r\n\r\nbody\r\nmore\r\n",
	    "A: 1\r\rbody\rmore\n\r.\n",
	    "A: 1\n\n\n\n",
	};
	struct buf out;

	(void)state;
	buf_init(&out, 4096);
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct crlf crlf = {.dots = false};
		char wire[200];
		struct message message;
		size_t size;

		read_message(&message, cases[i], strlen(cases[i]));
		seal(&message);
		collect(&message, 100, &out);
		size = crlf_convert(&crlf, out.data, out.len, wire);
		size += crlf_finish(&crlf, wire + size);
		assert_int_equal(message.wire_size, size);
		message_done(&message);
	}
	buf_done(&out);
}

static void
tells_8bit_in_header_and_body(void **state)
{
	static const struct {
		const char *text;
		bool has_8bit;
		bool header_has_8bit;
	} cases[] = {
	    {"A: 1\n\nbody", false, false},
	    {"A: \xC3\xBC\n\nbody", true, true},
	    {"A: 1\n\nb\xFC", true, false},
	    {"Bcc: \xC3\xBC@x\n\nbody", false, false},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct message message;

		read_message(&message, cases[i].text, strlen(cases[i].text));
		header_strip(&message.header);
		seal(&message);
		assert_int_equal(message.has_8bit, cases[i].has_8bit);
		assert_int_equal(message.header_has_8bit,
		    cases[i].header_has_8bit);
		message_done(&message);
	}
}

static void
tells_long_lines_even_across_pieces(void **state)
{
	static const struct {
		size_t start;
		size_t len;
		bool is_long;
	} cases[] = {
	    {6, 998, false},
	    {6, 999, true},
	    {SOURCE_PIECE - 500, 998, false},
	    {SOURCE_PIECE - 500, 999, true},
	};
	size_t len = SOURCE_PIECE + 2000;
	char *text = malloc(len);

	(void)state;
	assert_non_null(text);
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct message message;

		memset(text, '\n', len);
		memcpy(text, "A: 1\n\n", 6);
		memset(text + cases[i].start, 'x', cases[i].len);
		read_message(&message, text, len);
		seal(&message);
		assert_int_equal(message.has_long_line, cases[i].is_long);
		message_done(&message);
	}
	free(text);
}

static void
sends_a_large_body_byte_for_byte(void **state)
{
	size_t len = 3 * 1048576 + 7;
	char *text = malloc(len);
	struct message message;
	struct buf out;

	(void)state;
	assert_non_null(text);
	for (size_t i = 0; i < len; i++)
		text[i] = (char)(i * 31 + i / 251);
	memcpy(text, "Bcc: b\nA: 1\n\n", 13);
	read_message(&message, text, len);
	header_strip(&message.header);
	seal(&message);
	buf_init(&out, 2 * len);
	collect(&message, 65000, &out);
	assert_int_equal(out.len, len - 7);
	assert_memory_equal(out.data, text + 7, len - 7);
	buf_done(&out);
	message_done(&message);
	free(text);
}

static void
sends_nothing_of_a_header_with_nul(void **state)
{
	static const char text[] = "To: a@x\n\0Bcc: b@x\n\nbody";
	struct message message;
	struct error err;
	int fd = file_open_unnamed(&err);

	(void)state;
	assert_int_equal(file_write(fd, text, sizeof text - 1, &err), 0);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	message_init(&message);
	assert_int_equal(message_read(&message, fd, false, &err), -1);
	assert_int_equal(err.code, ERROR_DATA);
	message_done(&message);
	close(fd);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(streams_head_and_body_any_number_of_times),
	    cmocka_unit_test(measures_what_goes_over_the_wire),
	    cmocka_unit_test(tells_8bit_in_header_and_body),
	    cmocka_unit_test(tells_long_lines_even_across_pieces),
	    cmocka_unit_test(sends_a_large_body_byte_for_byte),
	    cmocka_unit_test(sends_nothing_of_a_header_with_nul),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/* Tests reading a message in pieces of any size. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/crlf.h"
#include "smtp/body.h"

enum {
	PIECE = 65536,
	ROOM = 1 << 20
};

/* A message that is read in steps of a given size, and may fail at its end. */
struct source {
	const char *bytes;
	size_t len;
	size_t at;
	size_t step;
	bool fails;
};

static long
next_piece(void *context, void *out, size_t len, struct error *err)
{
	struct source *source = context;
	size_t left = source->len - source->at;

	if (left == 0 && source->fails)
		return error_set(err, ERROR_IO, "the source is gone");
	if (len > source->step)
		len = source->step;
	if (len > left)
		len = left;
	memcpy(out, source->bytes + source->at, len);
	source->at += len;
	return (long)len;
}

static void
rewind_source(void *context)
{
	((struct source *)context)->at = 0;
}

/* All pieces, joined; how many there were. */
static int
read_all(struct source *source, bool dots, struct buf *out)
{
	struct smtp_body body = {.next = next_piece,
	    .rewind = rewind_source,
	    .context = source};
	struct error err;
	struct smtp_body_reader *reader = smtp_body_open(&body, dots, &err);
	const char *bytes;
	int count = 0;
	long len;

	assert_non_null(reader);
	buf_clear(out);
	while ((len = smtp_body_next(reader, &bytes, &err)) > 0) {
		assert_int_equal(buf_add(out, bytes, (size_t)len, &err), 0);
		count++;
	}
	assert_int_equal(len, 0);
	assert_int_equal(smtp_body_next(reader, &bytes, &err), 0);
	smtp_body_close(reader);
	return count;
}

static void
check_body(const char *text, size_t len, bool dots)
{
	struct crlf crlf = {.dots = dots};
	struct buf expected;
	struct buf out;
	struct error err;

	buf_init(&expected, 2 * ROOM + 2);
	buf_init(&out, 2 * ROOM + 2);
	assert_int_equal(buf_reserve(&expected, 2 * len + 2, &err), 0);
	expected.len = crlf_convert(&crlf, text, len, expected.data);
	expected.len += crlf_finish(&crlf, expected.data + expected.len);
	for (size_t step = 1; step <= len + 1; step = step * 8 + 1) {
		struct source source = {.bytes = text,
		    .len = len,
		    .at = len, /* the reader must rewind */
		    .step = step};

		read_all(&source, dots, &out);
		assert_int_equal(out.len, expected.len);
		assert_memory_equal(out.data, expected.data, out.len);
	}
	buf_done(&expected);
	buf_done(&out);
}

static void
is_the_same_in_any_steps(void **state)
{
	static const char *const texts[] = {"", "a", "a\n", ".\n", "a\r\nb",
	    "\n.\n.", "\r", "\r\n\r\n", "..", "a\rb\n.c"};

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		check_body(texts[i], strlen(texts[i]), false);
		check_body(texts[i], strlen(texts[i]), true);
	}
}

static void
keeps_line_ends_whole_across_pieces(void **state)
{
	static const char *const across[] = {"\r\n", "\n", "\r", "\n.", "\r\n.",
	    "\r.\r", "\n.\n", "\r\n.\r\n"};
	char *text = malloc(2 * PIECE);

	(void)state;
	assert_non_null(text);
	for (size_t i = 0; i < sizeof across / sizeof *across; i++) {
		size_t len = strlen(across[i]);

		for (size_t shift = 0; shift <= len; shift++) {
			memset(text, 'x', 2 * PIECE);
			memcpy(text + PIECE - shift, across[i], len);
			check_body(text, PIECE - shift + len, true);
			check_body(text, PIECE + 100, true);
		}
	}
	free(text);
}

static void
makes_one_piece_of_a_small_message(void **state)
{
	struct source source = {.bytes = "a\nb\n", .len = 4, .step = 1};
	struct buf out;

	(void)state;
	buf_init(&out, ROOM);
	assert_int_equal(read_all(&source, true, &out), 1);
	assert_string_equal(buf_text(&out), "a\r\nb\r\n");
	buf_done(&out);
}

static void
has_no_piece_for_nothing(void **state)
{
	struct source source = {.bytes = "", .len = 0, .step = 1};
	struct buf out;

	(void)state;
	buf_init(&out, ROOM);
	assert_int_equal(read_all(&source, true, &out), 0);
	buf_done(&out);
}

static void
fails_when_the_source_fails(void **state)
{
	struct source source = {.bytes = "abc",
	    .len = 3,
	    .step = 3,
	    .fails = true};
	struct smtp_body body = {.next = next_piece,
	    .rewind = rewind_source,
	    .context = &source};
	struct error err;
	struct smtp_body_reader *reader = smtp_body_open(&body, true, &err);
	const char *bytes;

	(void)state;
	assert_non_null(reader);
	assert_int_equal(smtp_body_next(reader, &bytes, &err), -1);
	assert_int_equal(err.code, ERROR_IO);
	smtp_body_close(reader);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(is_the_same_in_any_steps),
	    cmocka_unit_test(keeps_line_ends_whole_across_pieces),
	    cmocka_unit_test(makes_one_piece_of_a_small_message),
	    cmocka_unit_test(has_no_piece_for_nothing),
	    cmocka_unit_test(fails_when_the_source_fails),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/* Tests frames: what was written is read, and nothing else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "base/frame.h"

static struct buf
write_frame(void)
{
	struct error err;
	struct buf out;
	struct frame_writer writer;

	buf_init(&out, FRAME_MAX);
	writer = frame_begin(&out, 7);
	frame_add_number(&writer, UINT64_MAX);
	frame_add_text(&writer, "text");
	frame_add_text(&writer, NULL);
	frame_add_text(&writer, "");
	assert_int_equal(frame_end(&writer, &err), 0);
	return out;
}

static void
reads_what_was_written(void **state)
{
	struct buf out = write_frame();
	struct frame frame;

	(void)state;
	assert_int_equal(frame_find(out.data, out.len, &frame), out.len);
	assert_int_equal(frame.type, 7);
	assert_true(frame_number(&frame, UINT64_MAX) == UINT64_MAX);
	assert_string_equal(frame_text(&frame), "text");
	assert_false(frame_is_complete(&frame));
	assert_null(frame_text(&frame));
	assert_string_equal(frame_string(&frame), "");
	assert_true(frame_is_complete(&frame));
	buf_done(&out);
}

static void
waits_for_the_whole_frame(void **state)
{
	struct buf out = write_frame();
	struct frame frame;

	(void)state;
	for (size_t len = 0; len < out.len; len++)
		assert_int_equal(frame_find(out.data, len, &frame), 0);
	buf_done(&out);
}

static void
a_number_has_a_limit(void **state)
{
	struct buf out = write_frame();
	struct frame frame;

	(void)state;
	frame_find(out.data, out.len, &frame);
	assert_int_equal(frame_number(&frame, 100), 0);
	assert_null(frame_text(&frame));
	assert_false(frame_is_complete(&frame));
	buf_done(&out);
}

static void
a_text_ends_in_the_frame(void **state)
{
	static const char *const bad[] = {
	    "\0\0\0\4\1\0\0\0\1",     /* longer than the frame */
	    "\0\0\0\5\1\0\0\0\1x",    /* no NUL at its end */
	    "\0\0\0\7\1\0\0\0\3a\0\0" /* a NUL within */
	};
	static const size_t len[] = {9, 10, 12};
	struct frame frame;

	(void)state;
	for (size_t i = 0; i < sizeof len / sizeof *len; i++) {
		assert_int_equal(frame_find(bad[i], len[i], &frame), len[i]);
		assert_null(frame_text(&frame));
		assert_false(frame_is_complete(&frame));
	}
}

static void
a_frame_has_a_limit(void **state)
{
	struct frame frame;

	(void)state;
	assert_int_equal(frame_find("\xff\xff\xff\xff\1", 5, &frame), -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(reads_what_was_written),
	    cmocka_unit_test(waits_for_the_whole_frame),
	    cmocka_unit_test(a_number_has_a_limit),
	    cmocka_unit_test(a_text_ends_in_the_frame),
	    cmocka_unit_test(a_frame_has_a_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

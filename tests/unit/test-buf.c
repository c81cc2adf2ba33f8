/* SPDX-License-Identifier: MIT */
/* The growing string: its bound holds, and what it gives away is whole. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"

static void
is_an_empty_string_before_anything_is_added(void **state)
{
	struct buf buf;

	(void)state;
	buf_init(&buf, 10);
	assert_string_equal(buf_text(&buf), "");
	buf_done(&buf);
}

static void
keeps_what_it_has_when_more_would_pass_the_bound(void **state)
{
	struct buf buf;
	struct error err;

	(void)state;
	buf_init(&buf, 8);
	assert_int_equal(buf_add_text(&buf, "12345", &err), 0);
	assert_int_equal(buf_add_text(&buf, "6789", &err), -1);
	assert_int_equal(err.code, ERROR_DATA);
	assert_int_equal(buf_addf(&buf, &err, "%d", 6789), -1);
	assert_string_equal(buf_text(&buf), "12345");
	assert_int_equal(buf_add_text(&buf, "678", &err), 0);
	assert_string_equal(buf_text(&buf), "12345678");
	buf_done(&buf);
}

static void
holds_nuls_and_drops_from_the_front(void **state)
{
	struct buf buf;
	struct error err;

	(void)state;
	buf_init(&buf, 100);
	assert_int_equal(buf_add(&buf, "a\0b\0c", 5, &err), 0);
	buf_drop(&buf, 2);
	assert_int_equal(buf.len, 3);
	assert_memory_equal(buf.data, "b\0c", 4);
	buf_done(&buf);
}

static void
hands_its_content_over_and_is_empty_then(void **state)
{
	struct buf buf;
	struct error err;
	char *text;

	(void)state;
	buf_init(&buf, 100);
	assert_int_equal(buf_addf(&buf, &err, "%s-%d", "x", 7), 0);
	text = buf_take(&buf);
	assert_string_equal(text, "x-7");
	assert_string_equal(buf_text(&buf), "");
	free(text);
	buf_done(&buf);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(is_an_empty_string_before_anything_is_added),
	    cmocka_unit_test(keeps_what_it_has_when_more_would_pass_the_bound),
	    cmocka_unit_test(holds_nuls_and_drops_from_the_front),
	    cmocka_unit_test(hands_its_content_over_and_is_empty_then),
	};

	return cmocka_run_group_tests_name("buf", tests, NULL, NULL);
}

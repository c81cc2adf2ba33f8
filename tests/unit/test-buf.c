/* SPDX-License-Identifier: MIT */
/* Tests the growing string and its limit. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"

static void
grows_and_stays_a_string(void **state)
{
	struct error err;
	struct buf buf;

	(void)state;
	buf_init(&buf, 100000);
	assert_string_equal(buf_text(&buf), "");
	for (int i = 0; i < 1000; i++) {
		assert_int_equal(buf_addf(&buf, &err, "%04d,", i), 0);
		assert_int_equal(strlen(buf_text(&buf)), buf.len);
	}
	assert_int_equal(buf.len, 5000);
	assert_memory_equal(buf.data + 4995, "0999,", 6);
	buf_done(&buf);
}

static void
holds_nul_bytes(void **state)
{
	struct error err;
	struct buf buf;

	(void)state;
	buf_init(&buf, 10);
	assert_int_equal(buf_add(&buf, "a\0b", 3, &err), 0);
	assert_int_equal(buf.len, 3);
	assert_memory_equal(buf.data, "a\0b", 4);
	buf_done(&buf);
}

static void
keeps_its_bound_and_its_content(void **state)
{
	struct error err;
	struct buf buf;

	(void)state;
	buf_init(&buf, 10);
	assert_int_equal(buf_add_text(&buf, "12345678", &err), 0);
	assert_int_equal(buf_add_text(&buf, "abc", &err), -1);
	assert_int_equal(err.code, ERROR_DATA);
	assert_int_equal(buf_addf(&buf, &err, "%s", "abc"), -1);
	assert_int_equal(buf_reserve(&buf, (size_t)-1, &err), -1);
	assert_string_equal(buf_text(&buf), "12345678");
	assert_int_equal(buf_add_text(&buf, "ab", &err), 0);
	assert_string_equal(buf_text(&buf), "12345678ab");
	buf_done(&buf);
}

static void
drops_from_the_front(void **state)
{
	struct error err;
	struct buf buf;

	(void)state;
	buf_init(&buf, 100);
	buf_drop(&buf, 0);
	buf_add_text(&buf, "abcdef", &err);
	buf_drop(&buf, 2);
	assert_string_equal(buf_text(&buf), "cdef");
	buf_drop(&buf, 4);
	assert_string_equal(buf_text(&buf), "");
	buf_add_text(&buf, "x", &err);
	buf_clear(&buf);
	assert_string_equal(buf_text(&buf), "");
	buf_done(&buf);
}

static void
hands_its_content_over(void **state)
{
	struct error err;
	struct buf buf;
	char *text;

	(void)state;
	buf_init(&buf, 5);
	text = buf_take(&buf);
	assert_string_equal(text, "");
	free(text);
	buf_add_text(&buf, "abcde", &err);
	text = buf_take(&buf);
	assert_string_equal(text, "abcde");
	free(text);
	assert_string_equal(buf_text(&buf), "");
	assert_int_equal(buf_add_text(&buf, "123456", &err), -1);
	buf_done(&buf);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(grows_and_stays_a_string),
	    cmocka_unit_test(holds_nul_bytes),
	    cmocka_unit_test(keeps_its_bound_and_its_content),
	    cmocka_unit_test(drops_from_the_front),
	    cmocka_unit_test(hands_its_content_over),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

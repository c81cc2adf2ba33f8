/* SPDX-License-Identifier: MIT */
/* Tests parsing DNS answers with MX records, valid and malformed. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "config/mx.h"

/* example.org has MX 20 b.example, 10 a.example, 0 "." and an A record. */
static const unsigned char answer[] = {0x12, 0x34, 0x81, 0x80, 0, 1, 0, 4, 0, 0,
    0, 0, 7, 'e', 'x', 'a', 'm', 'p', 'l', 'e', 3, 'o', 'r', 'g', 0, 0, 15, 0,
    1,
    /* MX 20 b.example */
    0xC0, 12, 0, 15, 0, 1, 0, 0, 0, 60, 0, 6, 0, 20, 1, 'b', 0xC0, 12,
    /* MX 10 a.example */
    0xC0, 12, 0, 15, 0, 1, 0, 0, 0, 60, 0, 6, 0, 10, 1, 'a', 0xC0, 12,
    /* MX 0 . */
    0xC0, 12, 0, 15, 0, 1, 0, 0, 0, 60, 0, 3, 0, 0, 0,
    /* A 192.0.2.1 */
    0xC0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 1};

static void
sorts_hosts_by_preference(void **state)
{
	struct mx_list list;
	struct error err;

	(void)state;
	mx_list_init(&list);
	assert_int_equal(mx_parse(&list, answer, sizeof answer, "example.org",
			     &err),
	    0);
	assert_int_equal(list.count, 2);
	assert_string_equal(list.host[0].name, "a.example.org");
	assert_int_equal(list.host[0].preference, 10);
	assert_string_equal(list.host[1].name, "b.example.org");
	mx_list_done(&list);
}

static void
survives_an_answer_cut_anywhere(void **state)
{
	(void)state;
	for (size_t len = 0; len < sizeof answer; len++) {
		struct mx_list list;
		struct error err = {0};

		mx_list_init(&list);
		assert_int_equal(mx_parse(&list, answer, len, "example.org",
				     &err),
		    -1);
		assert_int_equal(err.code, ERROR_TEMPORARY);
		mx_list_done(&list);
	}
}

static void
survives_any_single_wrong_byte(void **state)
{
	unsigned char wrong[sizeof answer];

	(void)state;
	for (size_t at = 0; at < sizeof answer; at++) {
		for (unsigned value = 0; value < 256; value += 5) {
			struct mx_list list;
			struct error err = {0};

			memcpy(wrong, answer, sizeof answer);
			wrong[at] = (unsigned char)value;
			mx_list_init(&list);
			if (mx_parse(&list, wrong, sizeof wrong, "x", &err) ==
			    -1)
				assert_int_equal(err.code, ERROR_TEMPORARY);
			assert_true(list.count <= 4);
			mx_list_done(&list);
		}
	}
}

static void
asks_nobody_about_a_name_that_is_not_ascii(void **state)
{
	struct mx_list list;
	struct error err = {0};

	(void)state;
	mx_list_init(&list);
	assert_int_equal(mx_lookup(&list,
			     "b\xC3\xBC"
			     "cher.example",
			     1000, &err),
	    -1);
	assert_int_equal(err.code, ERROR_NO_HOST);
	mx_list_done(&list);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(sorts_hosts_by_preference),
	    cmocka_unit_test(survives_an_answer_cut_anywhere),
	    cmocka_unit_test(survives_any_single_wrong_byte),
	    cmocka_unit_test(asks_nobody_about_a_name_that_is_not_ascii),
	};

	return cmocka_run_group_tests_name("mx", tests, NULL, NULL);
}

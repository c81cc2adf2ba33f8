/* SPDX-License-Identifier: MIT */
/* Tests parsing DNS answers with SRV records, valid and malformed. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "config/srv.h"

#define NAME "_submissions._tcp.example.org"
#define SRV(priority, weight, port, len)                                    \
	0xC0, 12, 0, 33, 0, 1, 0, 0, 0, 60, 0, 6 + (len), 0, (priority), 0, \
	    (weight), (port) >> 8, (port)&0xFF

/* The header and question of an answer with so many records. */
#define HEAD(records)                                                         \
	0x12, 0x34, 0x81, 0x80, 0, 1, 0, (records), 0, 0, 0, 0, 12, '_', 's', \
	    'u', 'b', 'm', 'i', 's', 's', 'i', 'o', 'n', 's', 4, '_', 't',    \
	    'c', 'p', 7, 'e', 'x', 'a', 'm', 'p', 'l', 'e', 3, 'o', 'r', 'g', \
	    0, 0, 33, 0, 1

static const unsigned char answer[] = {HEAD(4),
    /* 20 0 465 c.org; 10 1 465 a.org; 10 9 2465 b.org; 0 0 0 d.org */
    SRV(20, 0, 465, 7), 1, 'c', 3, 'o', 'r', 'g', 0, SRV(10, 1, 465, 7), 1, 'a',
    3, 'o', 'r', 'g', 0, SRV(10, 9, 2465, 7), 1, 'b', 3, 'o', 'r', 'g', 0,
    SRV(0, 0, 0, 7), 1, 'd', 3, 'o', 'r', 'g', 0};
static const unsigned char refused[] = {HEAD(1), SRV(0, 0, 0, 1), 0};
static const unsigned char no_host_names[] = {HEAD(2), SRV(0, 0, 465, 7), 1,
    ' ', 3, 'o', 'r', 'g', 0, SRV(0, 0, 465, 7), 1, '"', 3, 'o', 'r', 'g', 0};

static void
orders_by_priority_and_weight(void **state)
{
	struct srv_list list;
	struct error err;

	(void)state;
	srv_list_init(&list);
	assert_int_equal(srv_parse(&list, answer, sizeof answer, NAME, &err),
	    0);
	assert_int_equal(list.count, 3);
	assert_string_equal(list.target[0].host, "b.org");
	assert_int_equal(list.target[0].port, 2465);
	assert_string_equal(list.target[1].host, "a.org");
	assert_string_equal(list.target[2].host, "c.org");
	assert_false(list.is_refused);
	srv_list_done(&list);
}

static void
sees_that_the_service_is_not_offered(void **state)
{
	struct srv_list list;
	struct error err;

	(void)state;
	srv_list_init(&list);
	assert_int_equal(srv_parse(&list, refused, sizeof refused, NAME, &err),
	    0);
	assert_int_equal(list.count, 0);
	assert_true(list.is_refused);
	srv_list_done(&list);
}

static void
ignores_targets_that_are_no_host_names(void **state)
{
	struct srv_list list;
	struct error err;

	(void)state;
	srv_list_init(&list);
	assert_int_equal(srv_parse(&list, no_host_names, sizeof no_host_names,
			     NAME, &err),
	    0);
	assert_int_equal(list.count, 0);
	srv_list_done(&list);
}

static void
survives_an_answer_cut_anywhere(void **state)
{
	(void)state;
	for (size_t len = 0; len < sizeof answer; len++) {
		struct srv_list list;
		struct error err = {0};

		srv_list_init(&list);
		assert_int_equal(srv_parse(&list, answer, len, NAME, &err), -1);
		assert_int_equal(err.code, ERROR_TEMPORARY);
		srv_list_done(&list);
	}
}

static void
survives_any_single_wrong_byte(void **state)
{
	unsigned char wrong[sizeof answer];

	(void)state;
	for (size_t at = 0; at < sizeof answer; at++) {
		for (unsigned value = 0; value < 256; value += 5) {
			struct srv_list list;
			struct error err = {0};

			memcpy(wrong, answer, sizeof answer);
			wrong[at] = (unsigned char)value;
			srv_list_init(&list);
			if (srv_parse(&list, wrong, sizeof wrong, "x", &err) ==
			    -1)
				assert_int_equal(err.code, ERROR_TEMPORARY);
			assert_true(list.count <= 4);
			srv_list_done(&list);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(orders_by_priority_and_weight),
	    cmocka_unit_test(sees_that_the_service_is_not_offered),
	    cmocka_unit_test(ignores_targets_that_are_no_host_names),
	    cmocka_unit_test(survives_an_answer_cut_anywhere),
	    cmocka_unit_test(survives_any_single_wrong_byte),
	};

	return cmocka_run_group_tests_name("srv", tests, NULL, NULL);
}

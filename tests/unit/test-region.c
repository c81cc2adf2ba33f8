/* SPDX-License-Identifier: MIT */
/* Tests the region in a host name, found and put in. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "config/region.h"

static const char pattern[] = "smtp.{region}.corp.example";

static void
finds_the_label_in_the_place_of_the_mark(void **state)
{
	char region[REGION_SIZE];

	(void)state;
	assert_true(
	    region_find(pattern, "smtp.eu-west-1.corp.example", region));
	assert_string_equal(region, "eu-west-1");
	assert_true(region_find(pattern, "SMTP.x.Corp.Example", region));
	assert_string_equal(region, "x");
	assert_true(region_find("corp.example", "CORP.example", region));
	assert_string_equal(region, "");
}

static void
finds_no_region_in_another_host(void **state)
{
	static const char *const hosts[] = {"smtp", "smtp.",
	    "smtp.corp.example", "smtp..corp.example", "smtp.a.b.corp.example",
	    "imap.a.corp.example", "smtp.a.corp.example.org", "127.0.0.1",
	    "smtp.a123456789a123456789a123456789a123456789a123456789a123456789"
	    "a123.corp.example"};
	char region[REGION_SIZE] = "unset";

	(void)state;
	for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++)
		assert_false(region_find(pattern, hosts[i], region));
	assert_string_equal(region, "unset");
}

static void
puts_a_region_in_the_place_of_the_mark(void **state)
{
	struct error err = {0};
	struct buf text;

	(void)state;
	buf_init(&text, 100);
	assert_int_equal(region_fill(&text, pattern, strlen(pattern), "a",
			     &err),
	    0);
	assert_string_equal(buf_text(&text), "smtp.a.corp.example");
	buf_clear(&text);
	assert_int_equal(region_fill(&text, "{region},more", 8, "a", &err), 0);
	assert_int_equal(region_fill(&text, ".example,more", 8, NULL, &err), 0);
	assert_string_equal(buf_text(&text), "a.example");
	buf_done(&text);
}

static void
names_the_pattern_that_requires_a_region(void **state)
{
	struct error err = {0};
	struct buf text;

	(void)state;
	buf_init(&text, 100);
	assert_int_equal(region_fill(&text, "{region},more", 8, NULL, &err),
	    -1);
	assert_int_equal(err.code, ERROR_CONFIG);
	assert_string_equal(err.message,
	    "region isn't set, but {region} requires it");
	assert_int_equal(text.len, 0);
	buf_done(&text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(finds_the_label_in_the_place_of_the_mark),
	    cmocka_unit_test(finds_no_region_in_another_host),
	    cmocka_unit_test(puts_a_region_in_the_place_of_the_mark),
	    cmocka_unit_test(names_the_pattern_that_requires_a_region),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

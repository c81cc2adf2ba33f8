/* SPDX-License-Identifier: MIT */
/* Tests that result pages display any text literally, and run no scripts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "oauth2/result-page.h"

static void
write_page(const struct result_page *page, struct buf *html)
{
	struct error err;

	buf_init(html, RESULT_PAGE_MAX);
	assert_int_equal(result_page_write(page, html, &err), 0);
}

static void
escapes_what_html_would_read(void **state)
{
	struct buf html;
	struct error err;

	(void)state;
	buf_init(&html, RESULT_PAGE_MAX);
	assert_int_equal(result_page_escape(&html, "<a href='x\"'>&amp;</a>",
			     &err),
	    0);
	assert_string_equal(buf_text(&html),
	    "&lt;a href=&#39;x&quot;&#39;&gt;&amp;amp;&lt;/a&gt;");
	buf_done(&html);
}

static void
shows_a_detail_as_text(void **state)
{
	struct error err;
	struct result_page page;
	struct buf html;

	(void)state;
	error_set(&err, ERROR_AUTH, "<script>alert(1)</script>");
	page = result_page_for_error(RESULT_PAGE_FAILED, &err);
	write_page(&page, &html);
	assert_null(strstr(buf_text(&html), "<script"));
	assert_non_null(
	    strstr(buf_text(&html), "&lt;script&gt;alert(1)&lt;/script&gt;"));
	buf_done(&html);
}

static void
has_room_for_the_longest_detail(void **state)
{
	struct result_page page = {.kind = RESULT_PAGE_WRONG_ISSUER};
	struct buf html;

	(void)state;
	memset(page.detail, '"', sizeof page.detail - 1);
	write_page(&page, &html);
	buf_done(&html);
}

static void
has_words_for_every_kind_and_loads_nothing(void **state)
{
	(void)state;
	for (int kind = 0; kind < RESULT_PAGE_KIND_COUNT; kind++) {
		struct result_page page = {.kind = (enum result_page_kind)kind};
		struct buf html;

		write_page(&page, &html);
		assert_in_range(result_page_status(page.kind), 200, 599);
		assert_null(strstr(buf_text(&html), "(null)"));
		assert_null(strstr(buf_text(&html), "http"));
		assert_null(strstr(buf_text(&html), "class=\"detail\""));
		buf_done(&html);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(escapes_what_html_would_read),
	    cmocka_unit_test(shows_a_detail_as_text),
	    cmocka_unit_test(has_room_for_the_longest_detail),
	    cmocka_unit_test(has_words_for_every_kind_and_loads_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

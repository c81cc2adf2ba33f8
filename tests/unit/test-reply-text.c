/* SPDX-License-Identifier: MIT */
/* Tests how the text of a reply is made readable. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "smtp/reply-text.h"

static void
assert_stripped(const char *html, const char *expected)
{
	struct buf text;
	struct error err;
	bool has_changed;

	buf_init(&text, 65536);
	assert_int_equal(buf_add_text(&text, html, &err), 0);
	has_changed = reply_text_strip(&text);
	assert_string_equal(buf_text(&text), expected);
	assert_int_equal(text.len, strlen(expected));
	assert_int_equal(has_changed, strcmp(html, expected) != 0);
	buf_done(&text);
}

static void
removes_html(void **state)
{
	static const struct {
		const char *html, *expected;
	} rows[] = {
	    {"Relaying <b>dis</b>allowed", "Relaying disallowed"},
	    {"one<br>two<BR/>three<br />four", "one two three four"},
	    {"<html><body><p>no</p></body></html>", "   no   "},
	    {"see <a href=\"https://x.example/a?b=1\">this page</a>.",
		"see this page (https://x.example/a?b=1)."},
	    {"see <a class=x href='http://x.example'>http://x.example</a>",
		"see http://x.example"},
	    {"<a href=http://x.example>it</a>", "it (http://x.example)"},
	    {"<a href=\"javascript:x()\">it</a>", "it"},
	    {"<a name=x>it</a></a>", "it"},
	    {"x<style>b { c: d }</style>y<script>if (a<b) c()</script>z",
		"xyz"},
	    {"x<!-- <b> -->y<!doctype html>z", "xyz"},
	    {"x<script>y", "x"},
	    {"x<!-- y", "x<!-- y"},
	    {"a &lt;b&gt; &amp;amp; &quot;c&quot;&nbsp;d&#39;s &apos;",
		"a <b> &amp; \"c\" d's '"},
	    {"&#8230;&#x2026;&hellip;&#xE9;&#x1F600;",
		"\xE2\x80\xA6\xE2\x80\xA6\xE2\x80\xA6\xC3\xA9\xF0\x9F\x98\x80"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		assert_stripped(rows[i].html, rows[i].expected);
}

static void
keeps_what_is_no_html(void **state)
{
	static const char *const texts[] = {
	    "",
	    "no",
	    "<alice@example.org>: unknown user",
	    "end with <CRLF>.<CRLF>",
	    "<https://example.org/a> <b@example.org> <a.b> <bob>",
	    "a < b && b > c; R&D; AT&T",
	    "&; &# &#; &#x; &#xD800; &#x110000; &#0; &unknown; &amp",
	    "https://x.example/?a=1&copy=2&lt",
	    "<",
	    "&",
	    "a<",
	    "</",
	    "<b",
	    "<>",
	};

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		assert_stripped(texts[i], texts[i]);
}

/* Quadratic time would show. */
static void
takes_much_of_it(void **state)
{
	static const char *const pieces[] = {"<", "&", "<b", "<!--", "&#",
	    "<a href=", "<script>", "</a>", "&amp;", "<br>"};

	(void)state;
	for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
		struct buf text;
		struct error err;

		buf_init(&text, 65536);
		while (buf_add_text(&text, pieces[i], &err) == 0)
			continue;
		reply_text_strip(&text);
		buf_done(&text);
	}
}

static void
shows_one_line_and_cuts_after_a_word(void **state)
{
	static const struct {
		const char *text, *expected;
	} rows[] = {
	    {"", ""},
	    {" \n a \n\n  b\t", "a b"},
	    {"exactly twenty bytes", "exactly twenty bytes"},
	    {"more than twenty bytes", "more than twenty..."},
	    {"aaaaaaaaaabbbbbbbbbbc", "aaaaaaaaaabbbbbbb..."},
	    {"\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9"
	     "\xC3\xA9\xC3\xA9\xC3\xA9",
		"\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9"
		"\xC3\xA9..."},
	    {"a\x1B[31m", "a\\x1B[31m"},
	    {"\xE2\x80\xAE\xFF", "\\xE2\\x80\\xAE\\xFF"},
	};
	char out[21];

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		reply_text_show(out, sizeof out, rows[i].text,
		    strlen(rows[i].text));
		assert_string_equal(out, rows[i].expected);
	}
	reply_text_show(out, 1, "abc", 3);
	assert_string_equal(out, "");
	reply_text_show(out, 4, "abcd", 4);
	assert_string_equal(out, "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(removes_html),
	    cmocka_unit_test(keeps_what_is_no_html),
	    cmocka_unit_test(takes_much_of_it),
	    cmocka_unit_test(shows_one_line_and_cuts_after_a_word),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

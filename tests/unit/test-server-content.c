/* SPDX-License-Identifier: MIT */
/*
 * Tests finding the end of a message with all texts of up to eight relevant
 * bytes, divided at every position, against a simple reference implementation.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "server/content.h"

enum {
	LEN_MAX = 8
};

static void
keep(void *context, const char *bytes, size_t len)
{
	struct error err;

	assert_true(len > 0);
	assert_int_equal(buf_add(context, bytes, len, &err), 0);
}

/* The reference: whether a line begins at i. */
static bool
begins_line(const char *in, size_t i, bool crlf_only)
{
	if (i == 0)
		return true;
	return in[i - 1] == '\n' &&
	    (!crlf_only || (i > 1 && in[i - 2] == '\r'));
}

/* The length of a lone dot with its line end at i, or 0. */
static size_t
lone_dot(const char *in, size_t i, size_t len, bool crlf_only)
{
	if (!begins_line(in, i, crlf_only) || in[i] != '.')
		return 0;
	if (i + 2 < len && in[i + 1] == '\r' && in[i + 2] == '\n')
		return 3;
	return i + 1 < len && in[i + 1] == '\n' && !crlf_only ? 2 : 0;
}

/* Returns how much of in the message takes; len + 1 if it does not end. */
static size_t
expect(const char *in, size_t len, bool crlf_only, char *out, size_t *ret_len)
{
	*ret_len = 0;
	for (size_t i = 0; i < len; i++) {
		size_t dot = lone_dot(in, i, len, crlf_only);

		if (dot > 0)
			return i + dot;
		if (in[i] != '.' || !begins_line(in, i, crlf_only))
			out[(*ret_len)++] = in[i];
	}
	return len + 1;
}

static void
check_in_two(const char *in, size_t len, size_t cut, bool crlf_only)
{
	char expected[LEN_MAX] = "";
	size_t expected_len;
	size_t used = expect(in, len, crlf_only, expected, &expected_len);
	struct server_content content;
	struct buf out;
	size_t taken;

	buf_init(&out, LEN_MAX);
	server_content_begin(&content, crlf_only);
	taken = server_content_decode(&content, in, cut, keep, &out);
	if (taken == cut)
		taken += server_content_decode(&content, in + cut, len - cut,
		    keep, &out);
	assert_int_equal(content.state == CONTENT_END, used <= len);
	assert_int_equal(taken, used <= len ? used : len);
	/* What may be a part of the lone dot is held back. */
	if (content.state == CONTENT_DOT_CR) {
		assert_int_equal(expected[expected_len - 1], '\r');
		expected_len--;
	}
	assert_int_equal(out.len, expected_len);
	if (out.len > 0)
		assert_memory_equal(out.data, expected, out.len);
	buf_done(&out);
}

static void
decodes_every_text_as_the_reference_does(void **state)
{
	static const char alphabet[] = {'.', '\r', '\n', 'a'};
	char in[LEN_MAX] = "";

	(void)state;
	for (size_t len = 0; len <= LEN_MAX; len++) {
		for (size_t number = 0; number < (size_t)1 << (2 * len);
		     number++) {
			for (size_t i = 0; i < len; i++)
				in[i] = alphabet[number >> (2 * i) & 3];
			for (size_t cut = 0; cut <= len; cut++) {
				check_in_two(in, len, cut, true);
				check_in_two(in, len, cut, false);
			}
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(decodes_every_text_as_the_reference_does)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

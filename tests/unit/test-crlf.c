/* SPDX-License-Identifier: MIT */
/*
 * Tests the conversion of line ends with all texts of up to seven relevant
 * bytes, divided at every position, against a simple reference implementation.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/crlf.h"

enum {
	LEN_MAX = 7,
	OUT_MAX = 2 * LEN_MAX + 2
};

/* The reference: converts the whole text byte by byte. */
static size_t
expect_lines(const char *in, size_t len, bool dots, char *out)
{
	size_t used = 0;
	bool at_start = true;

	for (size_t i = 0; i < len; i++) {
		if (in[i] == '\n' && i > 0 && in[i - 1] == '\r')
			continue;
		if (in[i] == '\r' || in[i] == '\n') {
			out[used++] = '\r';
			out[used++] = '\n';
			at_start = true;
			continue;
		}
		if (in[i] == '.' && at_start && dots)
			out[used++] = '.';
		out[used++] = in[i];
		at_start = false;
	}
	if (!at_start) {
		out[used++] = '\r';
		out[used++] = '\n';
	}
	return used;
}

static size_t
convert_in_two(const char *in, size_t len, size_t cut, bool dots, char *out)
{
	struct crlf state = {.dots = dots};
	size_t used = crlf_convert(&state, in, cut, out);

	used += crlf_convert(&state, in + cut, len - cut, out + used);
	return used + crlf_finish(&state, out + used);
}

static size_t
measure_in_two(const char *in, size_t len, size_t cut)
{
	struct crlf state = {.dots = false};
	size_t size = crlf_measure(&state, in, cut);
	char line_end[2];

	size += crlf_measure(&state, in + cut, len - cut);
	return size + crlf_finish(&state, line_end);
}

/* Calls check with every text of each length up to LEN_MAX. */
static void
for_every_text(void (*check)(const char *in, size_t len))
{
	static const char alphabet[] = {'\r', '\n', '.', 'a'};
	char in[LEN_MAX];

	for (size_t len = 0; len <= LEN_MAX; len++) {
		for (unsigned long n = 0; n < 1UL << 2 * len; n++) {
			for (size_t i = 0; i < len; i++)
				in[i] = alphabet[n >> 2 * i & 3];
			check(in, len);
		}
	}
}

static void
check_against_model(const char *in, size_t len)
{
	char expected[OUT_MAX];
	char out[OUT_MAX];

	for (int dots = 0; dots < 2; dots++) {
		size_t size = expect_lines(in, len, dots != 0, expected);

		for (size_t cut = 0; cut <= len; cut++) {
			size_t used =
			    convert_in_two(in, len, cut, dots != 0, out);

			assert_int_equal(used, size);
			assert_memory_equal(out, expected, size);
			if (dots == 0)
				assert_int_equal(measure_in_two(in, len, cut),
				    size);
		}
	}
}

static void
check_for_smuggling(const char *in, size_t len)
{
	char out[OUT_MAX];
	size_t used = convert_in_two(in, len, len / 2, true, out);

	for (size_t i = 0; i < used; i++) {
		bool at_start = i == 0 || out[i - 1] == '\n';

		if (out[i] == '\r')
			assert_true(i + 1 < used && out[i + 1] == '\n');
		if (out[i] == '\n')
			assert_true(i > 0 && out[i - 1] == '\r');
		if (out[i] == '.' && at_start)
			assert_int_equal(out[i + 1], '.');
	}
	if (used > 0)
		assert_int_equal(out[used - 1], '\n');
}

static void
converts_every_mix_cut_anywhere(void **state)
{
	(void)state;
	for_every_text(check_against_model);
}

static void
lets_no_bare_line_end_or_lone_dot_out(void **state)
{
	(void)state;
	for_every_text(check_for_smuggling);
}

static void
passes_all_other_bytes(void **state)
{
	char in[256];
	char out[2 * sizeof in];
	struct crlf crlf = {.dots = true};
	size_t len = 0;

	(void)state;
	for (int c = 0; c < 256; c++) {
		if (c != '\r' && c != '\n')
			in[len++] = (char)c;
	}
	assert_int_equal(crlf_convert(&crlf, in, len, out), len);
	assert_memory_equal(in, out, len);
}

static void
finds_the_longest_line_across_pieces(void **state)
{
	struct crlf crlf = {.dots = false};
	char text[600];

	(void)state;
	memset(text, 'a', sizeof text);
	crlf_measure(&crlf, "abc\n", 4);
	assert_int_equal(crlf.longest, 3);
	crlf_measure(&crlf, text, sizeof text);
	crlf_measure(&crlf, text, 400);
	crlf_measure(&crlf, "\r", 1);
	crlf_measure(&crlf, "\nabc", 4);
	assert_int_equal(crlf.longest, 1000);
	assert_int_equal(crlf.line_len, 3);
}

static void
finds_line_ends_far_away(void **state)
{
	enum {
		LEN = 1000
	};
	char *text = malloc(LEN);

	(void)state;
	assert_non_null(text);
	for (size_t at = 0; at < LEN; at += 7) {
		memset(text, 'a', LEN);
		assert_ptr_equal(crlf_line_end(text, text + LEN), text + LEN);
		assert_ptr_equal(crlf_next_line(text, text + LEN), text + LEN);
		text[at] = '\r';
		assert_ptr_equal(crlf_line_end(text, text + LEN), text + at);
		assert_ptr_equal(crlf_next_line(text, text + LEN),
		    text + at + 1);
		if (at + 1 == LEN)
			continue;
		text[at + 1] = '\n';
		assert_ptr_equal(crlf_line_end(text, text + LEN), text + at);
		assert_ptr_equal(crlf_next_line(text, text + LEN),
		    text + at + 2);
	}
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(converts_every_mix_cut_anywhere),
	    cmocka_unit_test(lets_no_bare_line_end_or_lone_dot_out),
	    cmocka_unit_test(passes_all_other_bytes),
	    cmocka_unit_test(finds_the_longest_line_across_pieces),
	    cmocka_unit_test(finds_line_ends_far_away),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

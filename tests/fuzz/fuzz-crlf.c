/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as a body, in pieces cut anywhere: the conversion of line ends is
 * compared with one that looks at one byte after the other.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/crlf.h"

#include "fuzz.h"

struct reference {
	char *out;
	size_t len;
	size_t doubled; /* dots */
	size_t longest; /* line, without doubled dots */
	bool in_line;   /* the last line has no line end */
};

/* "\r\n", "\r" and "\n" end a line; a line that begins with a dot gets one
 * more. */
static void
convert_slowly(struct reference *reference, const char *in, size_t len,
    bool dots)
{
	size_t line_len = 0;

	for (size_t i = 0; i < len; i++) {
		if (in[i] == '\n' && i > 0 && in[i - 1] == '\r')
			continue;
		if (in[i] == '\r' || in[i] == '\n') {
			reference->out[reference->len++] = '\r';
			reference->out[reference->len++] = '\n';
			line_len = 0;
			continue;
		}
		if (dots && line_len == 0 && in[i] == '.') {
			reference->out[reference->len++] = '.';
			reference->doubled++;
		}
		reference->out[reference->len++] = in[i];
		line_len++;
		if (line_len > reference->longest)
			reference->longest = line_len;
	}
	reference->in_line = line_len > 0;
}

/* In pieces whose sizes come from the bytes themselves. */
static void
check_conversion(const char *in, size_t len, bool dots)
{
	struct reference reference = {.out = malloc(2 * len + 2)};
	char *out = malloc(2 * len + 2);
	struct crlf measure = {.dots = false};
	struct crlf crlf = {.dots = dots};
	size_t out_len = 0;
	size_t size = 0;

	require(reference.out != NULL && out != NULL);
	convert_slowly(&reference, in, len, dots);
	for (size_t at = 0; at < len;) {
		size_t piece = 1 + (unsigned char)in[at] % 31;
		size_t put;
		char *room;

		if (piece > len - at)
			piece = len - at;
		room = malloc(2 * piece);
		require(room != NULL);
		put = crlf_convert(&crlf, in + at, piece, room);
		require(put <= 2 * piece);
		memcpy(out + out_len, room, put);
		out_len += put;
		free(room);
		size += crlf_measure(&measure, in + at, piece);
		at += piece;
	}
	require(out_len == reference.len);
	require(memcmp(out, reference.out, out_len) == 0);
	require(size == reference.len - reference.doubled);
	require(measure.longest == reference.longest);
	require(measure.in_line == reference.in_line);
	require(crlf_finish(&crlf, out) == (reference.in_line ? 2 : 0));
	require(crlf_finish(&crlf, out) == 0);
	free(reference.out);
	free(out);
}

static void
check_search(const char *in, size_t len)
{
	const char *end = in + len;
	const char *stop = in;
	const char *next;

	while (stop < end && *stop != '\r' && *stop != '\n')
		stop++;
	next = stop < end ? stop + 1 : end;
	if (next < end && stop[0] == '\r' && *next == '\n')
		next++;
	require(crlf_line_end(in, end) == stop);
	require(crlf_next_line(in, end) == next);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	char *exact = malloc(len > 0 ? len : 1);

	require(exact != NULL);
	memcpy(exact, data, len);
	check_conversion(exact, len, false);
	check_conversion(exact, len, true);
	for (size_t at = 0; at < len && at < 300; at++)
		check_search(exact + at, len - at);
	free(exact);
	return 0;
}

/* SPDX-License-Identifier: MIT */
/*
 * Converts line ends. Every byte of a body passes through here, so it copies
 * the runs of bytes between line ends instead of single bytes.
 */
#include "base/crlf.h"

#include <string.h>

static bool skip_lf_of_crlf(struct crlf *state, char c);
static void count_line(struct crlf *state, size_t len, bool ends);

size_t
crlf_convert(struct crlf *state, const char *in, size_t len, char *out)
{
	const char *end = in + len;
	size_t size = 0;

	while (in < end) {
		const char *stop;
		size_t run;

		if (skip_lf_of_crlf(state, *in)) {
			in++;
			continue;
		}
		if (state->dots && !state->in_line && *in == '.' && out != NULL)
			out[size++] = '.';
		stop = crlf_line_end(in, end);
		run = (size_t)(stop - in);
		if (out != NULL)
			memcpy(out + size, in, run);
		size += run;
		state->in_line = state->in_line || run > 0;
		count_line(state, run, stop < end);
		if (stop == end)
			break;
		if (out != NULL)
			memcpy(out + size, "\r\n", 2);
		size += 2;
		state->in_line = false;
		state->after_cr = *stop == '\r';
		in = stop + 1;
	}
	return size;
}

size_t
crlf_finish(struct crlf *state, char *out)
{
	state->after_cr = false;
	if (!state->in_line)
		return 0;
	state->in_line = false;
	memcpy(out, "\r\n", 2);
	return 2;
}

size_t
crlf_measure(struct crlf *state, const char *in, size_t len)
{
	return crlf_convert(state, in, len, NULL);
}

/*
 * Two calls of memchr are much faster than a loop over bytes. They search one
 * window at a time: in text without LF, each line would otherwise be searched
 * to the end of the text.
 */
const char *
crlf_line_end(const char *in, const char *end)
{
	enum {
		WINDOW = 256
	};

	while (in < end) {
		size_t window = end - in < WINDOW ? (size_t)(end - in) : WINDOW;
		const char *lf = memchr(in, '\n', window);
		const char *stop = lf != NULL ? lf : in + window;
		const char *cr = memchr(in, '\r', (size_t)(stop - in));

		if (cr != NULL || lf != NULL)
			return cr != NULL ? cr : lf;
		in += window;
	}
	return end;
}

const char *
crlf_next_line(const char *in, const char *end)
{
	const char *stop = crlf_line_end(in, end);

	if (stop == end)
		return end;
	return stop + 1 < end && stop[0] == '\r' && stop[1] == '\n' ? stop + 2
								    : stop + 1;
}

/* The CR before it has already been written as CRLF. */
static bool
skip_lf_of_crlf(struct crlf *state, char c)
{
	bool skip = state->after_cr && c == '\n';

	state->after_cr = false;
	return skip;
}

static void
count_line(struct crlf *state, size_t len, bool ends)
{
	state->line_len += len;
	if (state->line_len > state->longest)
		state->longest = state->line_len;
	if (ends)
		state->line_len = 0;
}

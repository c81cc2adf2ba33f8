/* SPDX-License-Identifier: MIT */
/*
 * Line ends. Every byte of a body goes through here, so it works on runs of
 * bytes between line ends, not on single ones.
 */
#include "base/crlf.h"

#include <string.h>

static const char *find_line_end(const char *in, const char *end);
static bool skip_lf_of_crlf(struct crlf *state, char c);

size_t
crlf_convert(struct crlf *state, const char *in, size_t len, char *out)
{
	const char *end = in + len;
	const char *start = out;

	while (in < end) {
		const char *stop;

		if (skip_lf_of_crlf(state, *in)) {
			in++;
			continue;
		}
		if (state->dots && !state->in_line && *in == '.')
			*out++ = '.';
		stop = find_line_end(in, end);
		memcpy(out, in, (size_t)(stop - in));
		out += stop - in;
		state->in_line = state->in_line || stop > in;
		if (stop == end)
			break;
		*out++ = '\r';
		*out++ = '\n';
		state->in_line = false;
		state->after_cr = *stop == '\r';
		in = stop + 1;
	}
	return (size_t)(out - start);
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
	const char *end = in + len;
	size_t size = 0;

	while (in < end) {
		const char *stop;

		if (skip_lf_of_crlf(state, *in)) {
			in++;
			continue;
		}
		stop = find_line_end(in, end);
		size += (size_t)(stop - in);
		state->in_line = state->in_line || stop > in;
		if (stop == end)
			break;
		size += 2;
		state->in_line = false;
		state->after_cr = *stop == '\r';
		in = stop + 1;
	}
	return size;
}

/* The CR has been written as CRLF already; its LF brings nothing new. */
static bool
skip_lf_of_crlf(struct crlf *state, char c)
{
	bool skip = state->after_cr && c == '\n';

	state->after_cr = false;
	return skip;
}

/* The first CR or LF, or end. Two memchr beat a loop over bytes by far. */
static const char *
find_line_end(const char *in, const char *end)
{
	const char *lf = memchr(in, '\n', (size_t)(end - in));
	const char *stop = lf != NULL ? lf : end;
	const char *cr = memchr(in, '\r', (size_t)(stop - in));

	return cr != NULL ? cr : stop;
}

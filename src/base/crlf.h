/* SPDX-License-Identifier: MIT */
#ifndef BASE_CRLF_H
#define BASE_CRLF_H

/*
 * The one definition of a line end in a message: LF, CRLF and a stray CR are
 * each one, and leave as CRLF (RFC 5321 2.3.8). All other bytes pass. The text
 * comes in pieces, cut anywhere; the state remembers what the last piece ended
 * with. Zero-initialise it.
 */

#include <stdbool.h>
#include <stddef.h>

struct crlf {
	bool dots;     /* set by the caller: stuff dots (RFC 5321 4.5.2) */
	bool in_line;  /* bytes were written since the last line end */
	bool after_cr; /* the last byte read was a CR */

	/* What crlf_measure has seen, without line ends. */
	size_t line_len; /* of the line that is open */
	size_t longest;
};

/*
 * Converts len bytes into out, which has room for 2 * len bytes, and returns
 * how many were written.
 */
size_t crlf_convert(struct crlf *state, const char *in, size_t len, char *out);

/* Ends the last line if it is open: writes 0 or 2 bytes, returns how many. */
size_t crlf_finish(struct crlf *state, char *out);

/* How many bytes crlf_convert would write without dots; keeps the state too. */
size_t crlf_measure(struct crlf *state, const char *in, size_t len);

/* The first byte of the first line end, or end when there is none. */
const char *crlf_line_end(const char *in, const char *end);

/* What stands behind the first line end, or end when there is none. */
const char *crlf_next_line(const char *in, const char *end);

#endif

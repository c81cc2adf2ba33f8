/* SPDX-License-Identifier: MIT */
#ifndef BASE_CRLF_H
#define BASE_CRLF_H

/*
 * Converts the line ends of a message to CRLF (RFC 5321 section 2.3.8). LF,
 * CRLF and a CR without LF each count as one line end; all other bytes are
 * copied. The text comes in pieces that may be cut anywhere: struct crlf holds
 * the state between them. Initialise it with zeros.
 */

#include <stdbool.h>
#include <stddef.h>

struct crlf {
	bool dots;     /* set by the caller: double leading dots (RFC 5321
			  section 4.5.2) */
	bool in_line;  /* bytes were written since the last line end */
	bool after_cr; /* the last byte read was a CR */

	/* Line ends are not counted. */
	size_t line_len; /* of the current line */
	size_t longest;  /* of all lines */
};

/*
 * Converts len bytes into out, which must have room for 2 * len bytes. Returns
 * the number of bytes written.
 */
size_t crlf_convert(struct crlf *state, const char *in, size_t len, char *out);

/* Ends the last line if it has no line end. Returns the number of bytes
 * written: 0 or 2. */
size_t crlf_finish(struct crlf *state, char *out);

/* Returns how many bytes crlf_convert would write without doubling dots, and
 * updates the state as it does. */
size_t crlf_measure(struct crlf *state, const char *in, size_t len);

/* Returns the first byte of the first line end, or end if there is none. */
const char *crlf_line_end(const char *in, const char *end);

/* Returns the byte after the first line end, or end if there is none. */
const char *crlf_next_line(const char *in, const char *end);

#endif

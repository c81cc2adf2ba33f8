/* SPDX-License-Identifier: MIT */
#ifndef SMTP_BODY_H
#define SMTP_BODY_H

/*
 * Converts a message for the wire, in pieces of bounded size: CRLF line ends
 * (base/crlf.h) and, for DATA, dot stuffing.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* The source of the message; filled in by the caller. */
struct smtp_body {
	uint64_t size; /* bytes with CRLF line ends (RFC 1870 section 5) */
	bool has_8bit;
	/* Copies up to len more bytes to out. Returns how many, 0 at the end,
	   or -1 on failure. */
	long (*next)(void *context, void *out, size_t len, struct error *err);
	/* Goes back to the first byte. */
	void (*rewind)(void *context);
	void *context;
};

struct smtp_body_reader;

/*
 * Starts to read body, which is borrowed, from its first byte. dots turns on
 * dot stuffing, for DATA. NULL on failure.
 */
struct smtp_body_reader *smtp_body_open(const struct smtp_body *body, bool dots,
    struct error *err);

void smtp_body_close(struct smtp_body_reader *reader);

/*
 * Gets the next piece, ready to be sent. *ret_bytes is borrowed until the next
 * call. Returns its length, 0 at the end, or -1 if the source failed. A line
 * end is added to the last line if it has none.
 */
long smtp_body_next(struct smtp_body_reader *reader, const char **ret_bytes,
    struct error *err);

#endif

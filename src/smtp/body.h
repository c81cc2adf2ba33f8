/* SPDX-License-Identifier: MIT */
#ifndef SMTP_BODY_H
#define SMTP_BODY_H

/*
 * The message on its way to the wire: CRLF line ends (base/crlf.h), a dot
 * stuffed for DATA, in pieces of bounded size.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* Where the message comes from; filled in by the caller. */
struct smtp_body {
	uint64_t size; /* bytes with CRLF line ends (RFC 1870 section 5) */
	bool has_8bit;
	/* Copies up to len more bytes to out: how many, 0 at the end, or -1. */
	long (*next)(void *context, void *out, size_t len, struct error *err);
	/* Goes back to the first byte. */
	void (*rewind)(void *context);
	void *context;
};

struct smtp_body_reader;

/*
 * Begins to read body, which is borrowed, from its first byte. With dots the
 * text is for DATA. NULL on failure.
 */
struct smtp_body_reader *smtp_body_open(const struct smtp_body *body, bool dots,
    struct error *err);

void smtp_body_close(struct smtp_body_reader *reader);

/*
 * The next piece, ready for the wire. *ret_bytes is borrowed until the next
 * call. Returns its length, 0 at the end, or -1 when the source failed. The
 * last line is ended if the message didn't end it.
 */
long smtp_body_next(struct smtp_body_reader *reader, const char **ret_bytes,
    struct error *err);

#endif

/* SPDX-License-Identifier: MIT */
#ifndef COMPOSE_TEXT_BODY_H
#define COMPOSE_TEXT_BODY_H

/*
 * A text of the message, in the form in which it is sent: in memory, or in a
 * file without a name if it is long. Line ends are LF, whatever they were.
 */

#include <stdbool.h>

#include "base/buf.h"
#include "base/error.h"
#include "compose/text-facts.h"

struct text_body {
	const char *name; /* for messages; borrowed */
	bool is_flowed;
	bool exists;       /* it was read, and may be empty */
	struct buf memory; /* the whole text, unless it is in a file */
	int fd;            /* the file, at its start; or -1 */
	struct text_facts input;
	struct text_facts output;

	bool after_cr;
	struct buf line; /* the unfinished line, if is_flowed */
	struct buf out;  /* to be written */
};

/* There is no text yet; text_body_done accepts that. */
void text_body_init(struct text_body *text, const char *name, bool is_flowed);
void text_body_done(struct text_body *text);

/*
 * Read the text from fd to its end, or from memory. ERROR_DATA if it is not
 * UTF-8, contains a NUL, or has a line that is too long to be flowed; ERROR_IO,
 * ERROR_CREATE.
 */
int text_body_read(struct text_body *text, int fd, struct error *err);
int text_body_copy(struct text_body *text, const char *bytes, size_t len,
    struct error *err);

#endif

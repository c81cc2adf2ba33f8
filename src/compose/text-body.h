/* SPDX-License-Identifier: MIT */
#ifndef COMPOSE_TEXT_BODY_H
#define COMPOSE_TEXT_BODY_H

/*
 * A text of the message, in the form in which it is sent, in a file without a
 * name. Line ends are LF, whatever they were.
 */

#include <stdbool.h>

#include "base/buf.h"
#include "base/error.h"
#include "compose/text-facts.h"

struct text_body {
	const char *name; /* for messages; borrowed */
	bool is_flowed;
	int fd; /* -1: there is no text */
	struct text_facts input;
	struct text_facts output;

	bool after_cr;
	struct buf line; /* the unfinished line, if is_flowed */
	struct buf out;  /* to be written */
};

/* An empty text without a file; text_body_done accepts it. */
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

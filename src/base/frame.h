/* SPDX-License-Identifier: MIT */
#ifndef BASE_FRAME_H
#define BASE_FRAME_H

/*
 * Messages between two processes: a length, a type, and fields that are numbers
 * or texts. Whatever the other process sends, reading stays within the frame
 * and says whether it was well-formed.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/error.h"

enum {
	FRAME_HEAD = 5, /* bytes before the fields: length and type */
	FRAME_MAX = 4194304
};

/* A frame that is read; its texts are borrowed from the buffer. */
struct frame {
	unsigned char type;
	const unsigned char *next; /* field */
	size_t left;               /* bytes */
	bool is_malformed;         /* a field was not what the reader wanted */
};

/*
 * Begins a frame at the end of buf; then add its fields, and end it. Errors are
 * those of buf_add, and are kept until frame_end.
 */
struct frame_writer {
	struct buf *buf;
	size_t start;
	bool has_failed;
};

struct frame_writer frame_begin(struct buf *buf, unsigned char type);
void frame_add_number(struct frame_writer *writer, uint64_t number);
void frame_add_text(struct frame_writer *writer, const char *text); /* NULL */
int frame_end(struct frame_writer *writer, struct error *err);

/*
 * Finds the first frame in len bytes. Returns its size; 0 if more bytes are
 * needed; -1 if the bytes begin no frame.
 */
long frame_find(const void *bytes, size_t len, struct frame *ret_frame);

/* Returns the next number, at most max; 0 if the frame is malformed. */
uint64_t frame_number(struct frame *frame, uint64_t max);

/* Returns the next text; NULL if it is NULL or the frame is malformed. */
const char *frame_text(struct frame *frame);

/* The same, but NULL is malformed: returns "" then. */
const char *frame_string(struct frame *frame);

/* Returns whether all fields were as they were read, and none is left. */
bool frame_is_complete(const struct frame *frame);

#endif

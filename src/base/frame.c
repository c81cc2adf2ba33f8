/* SPDX-License-Identifier: MIT */
/*
 * Writes and reads frames: 4 bytes with the length of what follows the type, in
 * network order; the type; the fields. A number has 8 bytes. A text has 4 bytes
 * with its length, including a NUL at its end; length 0 is NULL.
 */
#include "base/frame.h"

#include <string.h>

enum {
	LENGTH_SIZE = 4,
	NUMBER_SIZE = 8
};

static void frame_add(struct frame_writer *writer, const void *bytes,
    size_t len);
static void frame_put(unsigned char *out, uint64_t number, size_t size);
static uint64_t frame_get(const unsigned char *bytes, size_t size);
static const unsigned char *frame_take(struct frame *frame, size_t len);

struct frame_writer
frame_begin(struct buf *buf, unsigned char type)
{
	struct frame_writer writer = {.buf = buf, .start = buf->len};
	unsigned char head[FRAME_HEAD] = {0};

	head[LENGTH_SIZE] = type;
	frame_add(&writer, head, sizeof head);
	return writer;
}

void
frame_add_number(struct frame_writer *writer, uint64_t number)
{
	unsigned char bytes[NUMBER_SIZE];

	frame_put(bytes, number, sizeof bytes);
	frame_add(writer, bytes, sizeof bytes);
}

void
frame_add_text(struct frame_writer *writer, const char *text)
{
	unsigned char bytes[LENGTH_SIZE];
	size_t size = text != NULL ? strlen(text) + 1 : 0;

	frame_put(bytes, size, sizeof bytes);
	frame_add(writer, bytes, sizeof bytes);
	if (text != NULL)
		frame_add(writer, text, size);
}

int
frame_end(struct frame_writer *writer, struct error *err)
{
	struct buf *buf = writer->buf;
	size_t len = buf->len - writer->start;

	if (writer->has_failed || len > FRAME_MAX) {
		buf->len = writer->start;
		return error_set(err, ERROR_SYSTEM,
		    "a message between processes is too long");
	}
	frame_put((unsigned char *)buf->data + writer->start, len - FRAME_HEAD,
	    LENGTH_SIZE);
	return 0;
}

long
frame_find(const void *bytes, size_t len, struct frame *ret_frame)
{
	const unsigned char *head = bytes;
	size_t size;

	if (len < FRAME_HEAD)
		return 0;
	size = FRAME_HEAD + (size_t)frame_get(head, LENGTH_SIZE);
	if (size > FRAME_MAX)
		return -1;
	if (len < size)
		return 0;
	*ret_frame = (struct frame){.type = head[LENGTH_SIZE],
	    .next = head + FRAME_HEAD,
	    .left = size - FRAME_HEAD};
	return (long)size;
}

uint64_t
frame_number(struct frame *frame, uint64_t max)
{
	const unsigned char *bytes = frame_take(frame, NUMBER_SIZE);
	uint64_t number = bytes != NULL ? frame_get(bytes, NUMBER_SIZE) : 0;

	if (number <= max)
		return number;
	frame->is_malformed = true;
	return 0;
}

const char *
frame_text(struct frame *frame)
{
	const unsigned char *bytes = frame_take(frame, LENGTH_SIZE);
	size_t size = bytes != NULL ? (size_t)frame_get(bytes, LENGTH_SIZE) : 0;

	if (size == 0)
		return NULL;
	bytes = frame_take(frame, size);
	if (bytes == NULL)
		return NULL;
	if (memchr(bytes, '\0', size) == bytes + size - 1)
		return (const char *)bytes;
	frame->is_malformed = true;
	return NULL;
}

const char *
frame_string(struct frame *frame)
{
	const char *text = frame_text(frame);

	if (text == NULL)
		frame->is_malformed = true;
	return text != NULL ? text : "";
}

bool
frame_is_complete(const struct frame *frame)
{
	return !frame->is_malformed && frame->left == 0;
}

static void
frame_add(struct frame_writer *writer, const void *bytes, size_t len)
{
	struct error ignored;

	if (!writer->has_failed &&
	    buf_add(writer->buf, bytes, len, &ignored) == -1)
		writer->has_failed = true;
}

static void
frame_put(unsigned char *out, uint64_t number, size_t size)
{
	for (size_t i = size; i > 0; i--) {
		out[i - 1] = (unsigned char)(number & 0xff);
		number >>= 8;
	}
}

static uint64_t
frame_get(const unsigned char *bytes, size_t size)
{
	uint64_t number = 0;

	for (size_t i = 0; i < size; i++)
		number = number << 8 | bytes[i];
	return number;
}

static const unsigned char *
frame_take(struct frame *frame, size_t len)
{
	const unsigned char *bytes = frame->next;

	if (frame->is_malformed || len > frame->left) {
		frame->is_malformed = true;
		return NULL;
	}
	frame->next += len;
	frame->left -= len;
	return bytes;
}

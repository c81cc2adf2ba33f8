/* SPDX-License-Identifier: MIT */
/*
 * Joins header and body into one stream and measures it. Line ends are
 * converted later.
 */
#include "message/message.h"

#include <stdlib.h>
#include <string.h>

#include "base/crlf.h"
#include "base/text.h"

enum {
	LINE_MAX_LEN = 998 /* RFC 5322 2.1.1, without CRLF */
};

static int message_measure(struct message *message, char *piece,
    struct error *err);

void
message_init(struct message *message)
{
	memset(message, 0, sizeof *message);
	header_init(&message->header);
	completion_init(&message->completion);
	buf_init(&message->head, (size_t)2 * HEADER_SIZE_MAX);
}

void
message_done(struct message *message)
{
	source_free(message->source);
	header_done(&message->header);
	completion_done(&message->completion);
	buf_done(&message->head);
	message_init(message);
}

int
message_read(struct message *message, int fd, bool dot_ends, struct error *err)
{
	message->source = source_read(fd, dot_ends, err);
	return message->source != NULL ? message_parse(message, err) : -1;
}

int
message_parse(struct message *message, struct error *err)
{
	uint64_t size = source_size(message->source);
	size_t head_len;
	char *head = NULL;
	int result = -1;

	head_len = size > HEADER_SIZE_MAX ? HEADER_SIZE_MAX + 1 : (size_t)size;
	head = malloc(head_len + 1);
	if (head == NULL) {
		error_no_memory(err);
		goto out;
	}
	if (source_copy(message->source, 0, head, head_len, err) == -1)
		goto out;
	result = header_parse(&message->header, head, head_len,
	    head_len == size, err);
out:
	free(head);
	return result;
}

int
message_clear(struct message *message, struct error *err)
{
	struct source *source = message->source;

	message->source = NULL;
	message_done(message);
	message->source = source;
	return source_clear(source, err);
}

int
message_seal(struct message *message, struct error *err)
{
	char *piece = malloc(SOURCE_PIECE);
	int result = -1;

	if (piece == NULL)
		return error_no_memory(err);
	buf_clear(&message->head);
	if (header_write(&message->header, &message->head, err) == -1)
		goto out;
	message->header_has_8bit =
	    text_has_8bit(message->head.data, message->head.len);
	result = message_measure(message, piece, err);
	message_rewind(message);
out:
	free(piece);
	return result;
}

void
message_rewind(struct message *message)
{
	message->position = 0;
}

bool
message_is_at_end(const struct message *message)
{
	return message->position >= message->head.len +
	    source_size(message->source) - message->header.body_offset;
}

long
message_next(struct message *message, void *out, size_t len, struct error *err)
{
	const struct buf *head = &message->head;
	uint64_t offset;
	long got;

	if (message->position < head->len) {
		size_t left = head->len - (size_t)message->position;

		got = (long)(left < len ? left : len);
		memcpy(out, head->data + message->position, (size_t)got);
	} else {
		offset =
		    message->position - head->len + message->header.body_offset;
		got = source_copy(message->source, offset, out, len, err);
	}
	if (got > 0)
		message->position += (uint64_t)got;
	return got;
}

/* Reads the whole message once. */
static int
message_measure(struct message *message, char *piece, struct error *err)
{
	struct crlf state = {.dots = false};
	char line_end[2];
	long got;

	message->wire_size = 0;
	message->has_8bit = false;
	message_rewind(message);
	while ((got = message_next(message, piece, SOURCE_PIECE, err)) > 0) {
		size_t len = (size_t)got;

		message->wire_size += crlf_measure(&state, piece, len);
		message->has_8bit =
		    message->has_8bit || text_has_8bit(piece, len);
	}
	if (got == -1)
		return -1;
	message->wire_size += crlf_finish(&state, line_end);
	message->has_long_line = state.longest > LINE_MAX_LEN;
	return 0;
}

/* SPDX-License-Identifier: MIT */
#ifndef MESSAGE_MESSAGE_H
#define MESSAGE_MESSAGE_H

/*
 * Joins the changed header and the unchanged body into the message to send, a
 * stream that can be read repeatedly.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "message/completion.h"
#include "message/header.h"
#include "message/source.h"

struct message {
	struct source *source;
	struct header header;         /* may change between read and seal */
	struct completion completion; /* of its addresses */
	struct buf head;              /* the header to send, once sealed */
	uint64_t position;            /* of message_next, in bytes */
	uint64_t wire_size;           /* in bytes with CRLF, once sealed */
	bool has_8bit;                /* in header or body, once sealed */
	bool header_has_8bit;         /* in the header section, once sealed */
	bool has_long_line;           /* longer than 998 bytes, once sealed */
};

void message_init(struct message *message);
void message_done(struct message *message);

/* Reads the message from fd and parses its header. ERROR_IO, ERROR_DATA. */
int message_read(struct message *message, int fd, bool dot_ends,
    struct error *err);

/* Parses the header of the message in source, which is filled. ERROR_DATA. */
int message_parse(struct message *message, struct error *err);

/* Forgets the message, for the next one in the same source. ERROR_IO. */
int message_clear(struct message *message, struct error *err);

/* Formats the header and sets the fields that describe the whole message. */
int message_seal(struct message *message, struct error *err);

/* Makes message_next start at the first byte again. */
void message_rewind(struct message *message);

/* Whether message_next has given the last byte. */
bool message_is_at_end(const struct message *message);

/*
 * Copies up to len more bytes to out. Returns their number, 0 at the end, or
 * -1: ERROR_IO.
 */
long message_next(struct message *message, void *out, size_t len,
    struct error *err);

#endif

/* SPDX-License-Identifier: MIT */
#ifndef MESSAGE_MESSAGE_H
#define MESSAGE_MESSAGE_H

/*
 * The message as it will be sent: the header section as it now is, then the
 * body as it was handed over, as one stream that can be read again.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "message/header.h"
#include "message/source.h"

struct message {
	struct source *source;
	struct header header; /* change it between _read and _seal only */
	struct buf head;      /* the header as it is sent, once sealed */
	uint64_t position;    /* of message_next */
	uint64_t wire_size;   /* bytes with CRLF line ends, once sealed */
	bool has_8bit;        /* anywhere, once sealed */
	bool header_has_8bit; /* in the header section, once sealed */
	bool has_long_line;   /* over 998 bytes (RFC 5322 2.1.1), once sealed */
};

void message_init(struct message *message);
void message_done(struct message *message);

/* Reads the message from fd and parses its header. ERROR_IO, ERROR_DATA. */
int message_read(struct message *message, int fd, bool dot_ends,
    struct error *err);

/* Fixes the header as it now is and measures the whole. */
int message_seal(struct message *message, struct error *err);

/* Goes back to the first byte. */
void message_rewind(struct message *message);

/*
 * Copies up to len more bytes to out. Returns how many, 0 at the end, -1 on
 * ERROR_IO.
 */
long message_next(struct message *message, void *out, size_t len,
    struct error *err);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * Reads a message in pieces of bounded size, ready to be sent. Does not know
 * whether DATA or BDAT carries them.
 */
#include "smtp/body.h"

#include <stdlib.h>

#include "base/crlf.h"

enum {
	PIECE_SIZE = 65536
};

struct smtp_body_reader {
	const struct smtp_body *body;
	struct crlf crlf;
	bool ended;
	char in[PIECE_SIZE];
	char out[2 * PIECE_SIZE + 2];
};

static long body_read_piece(struct smtp_body_reader *reader, struct error *err);

struct smtp_body_reader *
smtp_body_open(const struct smtp_body *body, bool dots, struct error *err)
{
	struct smtp_body_reader *reader = malloc(sizeof *reader);

	if (reader == NULL) {
		error_no_memory(err);
		return NULL;
	}
	reader->body = body;
	reader->crlf = (struct crlf){.dots = dots};
	reader->ended = false;
	body->rewind(body->context);
	return reader;
}

void
smtp_body_close(struct smtp_body_reader *reader)
{
	free(reader);
}

long
smtp_body_next(struct smtp_body_reader *reader, const char **ret_bytes,
    struct error *err)
{
	size_t len = 0;

	/* The LF of a CRLF that was split between two pieces converts to
	   nothing. */
	while (len == 0 && !reader->ended) {
		long got = body_read_piece(reader, err);

		if (got == -1)
			return -1;
		len = crlf_convert(&reader->crlf, reader->in, (size_t)got,
		    reader->out);
		if (got < PIECE_SIZE) {
			len += crlf_finish(&reader->crlf, reader->out + len);
			reader->ended = true;
		}
	}
	*ret_bytes = reader->out;
	return (long)len;
}

/* Reads a whole piece, or less at the end: a small message is one piece. */
static long
body_read_piece(struct smtp_body_reader *reader, struct error *err)
{
	const struct smtp_body *body = reader->body;
	size_t len = 0;

	while (len < PIECE_SIZE) {
		long got = body->next(body->context, reader->in + len,
		    PIECE_SIZE - len, err);

		if (got == -1)
			return -1;
		if (got == 0)
			break;
		len += (size_t)got;
	}
	return (long)len;
}

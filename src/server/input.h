/* SPDX-License-Identifier: MIT */
#ifndef SERVER_INPUT_H
#define SERVER_INPUT_H

/* What the client sends: lines of bounded length, and raw bytes. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

enum {
	SERVER_INPUT_SIZE = 65536,
	SERVER_LINE_MAX = 2048 /* RFC 5321 section 4.5.3.1.4, and extensions */
};

struct server_input {
	int fd;
	char *data; /* SERVER_INPUT_SIZE bytes */
	size_t start, end;
	bool skips;     /* the rest of a line that was too long */
	bool has_ended; /* of the client's side */
	int failure;    /* the errno that ended it, or 0 */
};

enum server_line {
	SERVER_LINE_NONE, /* more input is needed */
	SERVER_LINE_WHOLE,
	SERVER_LINE_TOO_LONG
};

/* fd is borrowed. ERROR_SYSTEM. Call server_input_done also after a failure. */
int server_input_init(struct server_input *input, int fd, struct error *err);
void server_input_done(struct server_input *input);

/* Begins with bytes, at most SERVER_INPUT_SIZE, that were read before. */
void server_input_preload(struct server_input *input, const char *bytes,
    size_t len);

/*
 * Reads more, and waits until the deadline at most. Returns 1; 0 if nothing
 * came; -1 at the end of the input and after an error.
 */
int server_input_fill(struct server_input *input, int64_t deadline_ms);

/*
 * Takes the next line out of the input that has been read. *ret_line, of
 * *ret_len bytes, has no line end and is followed by a NUL; it is borrowed
 * until the input is filled. *ret_has_cr: it ended with CRLF, not LF alone.
 */
enum server_line server_input_take_line(struct server_input *input,
    char **ret_line, size_t *ret_len, bool *ret_has_cr);

#endif

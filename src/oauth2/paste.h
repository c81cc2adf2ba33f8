/* SPDX-License-Identifier: MIT */
#ifndef OAUTH2_PASTE_H
#define OAUTH2_PASTE_H

/*
 * Reads redirect URLs that a person pastes because the browser runs on another
 * machine, or an error that the browser shows. The URLs contain codes, so lines
 * are kept as secrets.
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/secret.h"

struct paste {
	int fd;              /* -1: no more input */
	struct secret *line; /* the incomplete line, or NULL */
};

/* Receives lines. */
struct paste_callback {
	/* Handles a borrowed line without its end. Returns false to stop
	 * reading. */
	bool (*on_line)(void *context, const struct secret *line);
	void *context;
};

/* Prepares to read from fd, which remains the caller's, or nothing if -1. */
void paste_init(struct paste *paste, int fd);

/* Wipes and frees. */
void paste_done(struct paste *paste);

/*
 * Reads the available input once and passes complete lines to the callback.
 * At the end of input, or if reading fails, sets fd to -1 and succeeds. Lines
 * that are too long are dropped.
 */
int paste_read(struct paste *paste, const struct paste_callback *owner,
    struct error *err);

/* Discards what was pasted after the last line: the shell would run it. */
void paste_discard(const struct paste *paste);

/*
 * Finds the query in a line that contains a redirect to place
 * ("host:port/path"), with or without "http://" and surrounding blanks. The
 * query is borrowed from line. Returns false if the line is anything else.
 */
bool paste_find_query(const struct secret *line, const char *place,
    const char **ret_query, size_t *ret_len);

#endif

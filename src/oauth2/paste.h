/* SPDX-License-Identifier: MIT */
#ifndef OAUTH2_PASTE_H
#define OAUTH2_PASTE_H

/*
 * Redirect URLs that a person pastes, because the browser is on a machine from
 * which it doesn't reach us. They hold codes, so lines are secrets.
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/secret.h"

struct paste {
	int fd;              /* -1: nothing more comes */
	struct secret *line; /* what was read of the next one */
};

/* Who judges the lines. */
struct paste_callback {
	/* One line, without its end; borrowed. False: read no more of them. */
	bool (*on_line)(void *context, const struct secret *line);
	void *context;
};

/* To read from fd, which stays the caller's, or nothing when it is -1. */
void paste_init(struct paste *paste, int fd);

/* Wipes and frees. */
void paste_done(struct paste *paste);

/*
 * Reads once what is there, and hands over the lines that it completes. The
 * end, or a failure to read, sets fd to -1 and is no error. A line that is too
 * long is dropped.
 */
int paste_read(struct paste *paste, const struct paste_callback *owner,
    struct error *err);

/*
 * Finds the query in a line that is a redirect to place ("host:port/path"),
 * with or without "http://" and blanks around. Borrowed. False when it is
 * anything else.
 */
bool paste_find_query(const struct secret *line, const char *place,
    const char **ret_query, size_t *ret_len);

#endif

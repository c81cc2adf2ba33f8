/* SPDX-License-Identifier: MIT */
#ifndef MESSAGE_SOURCE_H
#define MESSAGE_SOURCE_H

/*
 * Keeps the message as it was received, so that a retry can read it again.
 * Small messages stay in memory, larger ones in a file without a name.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

enum {
	SOURCE_MEMORY_MAX = 262144, /* bytes; larger ones go to a file */
	SOURCE_PIECE = 65536        /* bytes read at a time */
};

struct source;

/*
 * Reads fd to its end. With dot_ends, a line that consists of a dot ends the
 * message and is not part of it (sendmail without -i). NULL on failure:
 * ERROR_IO if reading or storing it fails.
 */
struct source *source_read(int fd, bool dot_ends, struct error *err);

/* An empty source, to be filled by source_add. NULL: ERROR_SYSTEM. */
struct source *source_new(struct error *err);

/* Opens the file for a large message now, for a process that will not be
 * allowed to later. ERROR_CREATE. */
int source_prepare_file(struct source *source, struct error *err);

/* Appends bytes. ERROR_IO, ERROR_CREATE. */
int source_add(struct source *source, const char *bytes, size_t len,
    struct error *err);

/* Empties it for the next message, and keeps its file. ERROR_IO. */
int source_clear(struct source *source, struct error *err);

void source_free(struct source *source);

/* Returns the size in bytes. */
uint64_t source_size(const struct source *source);

/*
 * Copies up to len bytes from offset to out. Returns their number, 0 at the
 * end, or -1: ERROR_IO.
 */
long source_copy(struct source *source, uint64_t offset, void *out, size_t len,
    struct error *err);

#endif

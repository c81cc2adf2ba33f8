/* SPDX-License-Identifier: MIT */
#ifndef MESSAGE_SOURCE_H
#define MESSAGE_SOURCE_H

/*
 * The message as it was handed over: read to its end once, then readable any
 * number of times from any offset (a retry reads it again). Small ones stay in
 * memory, large ones in a file without a name; memory is bounded.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

enum {
	SOURCE_MEMORY_MAX = 262144, /* bytes; above it, a file */
	SOURCE_PIECE = 65536        /* bytes read at a time */
};

struct source;

/*
 * Reads fd to its end. With dot_ends a line that is a lone dot ends the message
 * (sendmail without -i); the dot is not part of it. ERROR_IO when reading or
 * keeping it fails; nothing is then kept. NULL on failure.
 */
struct source *source_read(int fd, bool dot_ends, struct error *err);

void source_free(struct source *source);

/* Bytes as handed over. */
uint64_t source_size(const struct source *source);

/*
 * Copies up to len bytes from offset to out. Returns how many, 0 at the end, -1
 * on ERROR_IO.
 */
long source_copy(struct source *source, uint64_t offset, void *out, size_t len,
    struct error *err);

#endif

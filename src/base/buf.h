/* SPDX-License-Identifier: MIT */
#ifndef BASE_BUF_H
#define BASE_BUF_H

/*
 * The one growing string. It is always bounded and always ends with a NUL that
 * isn't counted; it may hold NULs itself. Never for secrets: see base/secret.h.
 */

#include <stddef.h>

#include "base/error.h"

struct buf {
	char *data; /* never NULL once something was added; read freely */
	size_t len; /* bytes in use; may be lowered by the owner */
	size_t size;
	size_t max;
};

/* Empty, and never longer than max bytes. Allocates nothing. */
void buf_init(struct buf *buf, size_t max);

/* Frees what it holds. Harmless on one that was only initialised. */
void buf_done(struct buf *buf);

/* Empties it and keeps the memory. */
void buf_clear(struct buf *buf);

/*
 * Adds bytes, a string, or formatted text at the end. On failure (out of
 * memory: ERROR_SYSTEM; over the bound: ERROR_DATA) nothing was added.
 */
int buf_add(struct buf *buf, const void *bytes, size_t len, struct error *err);
int buf_add_text(struct buf *buf, const char *text, struct error *err);
int buf_addf(struct buf *buf, struct error *err, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Makes room for len more bytes at data + len; the caller raises len. */
int buf_reserve(struct buf *buf, size_t len, struct error *err);

/* Removes the first len bytes. */
void buf_drop(struct buf *buf, size_t len);

/* The content as a string, "" when empty. Borrowed until the next change. */
const char *buf_text(const struct buf *buf);

/*
 * Hands the content over and leaves the buf empty. The caller frees. NULL when
 * out of memory (an empty buf has nothing to hand over yet).
 */
char *buf_take(struct buf *buf);

#endif

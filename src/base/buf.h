/* SPDX-License-Identifier: MIT */
#ifndef BASE_BUF_H
#define BASE_BUF_H

/*
 * A string that grows up to a limit. It always ends with a NUL that is not
 * counted in its length, and may contain NULs. Not for secrets, which growing
 * would copy: see base/secret.h.
 */

#include <stddef.h>

#include "base/error.h"

struct buf {
	char *data; /* NULL until something is added; may be read */
	size_t len; /* bytes in use; the owner may reduce it */
	size_t size;
	size_t max;
};

/* Makes an empty buffer of at most max bytes. Allocates nothing. */
void buf_init(struct buf *buf, size_t max);

/* Frees the content and leaves an empty buffer. */
void buf_done(struct buf *buf);

/* Removes the content but keeps the memory. */
void buf_clear(struct buf *buf);

/*
 * Appends bytes, a string or formatted text. On failure nothing is added:
 * ERROR_SYSTEM without memory, ERROR_DATA if it would exceed the limit.
 */
int buf_add(struct buf *buf, const void *bytes, size_t len, struct error *err);
int buf_add_text(struct buf *buf, const char *text, struct error *err);
int buf_addf(struct buf *buf, struct error *err, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Appends text; ASCII letters, digits and the safe characters as they are,
 * other bytes as "%XX". On failure part of it may be added; errors as above. */
int buf_add_encoded(struct buf *buf, const char *text, const char *safe,
    struct error *err);

/* Makes room for len more bytes at data + len. The caller increases len. */
int buf_reserve(struct buf *buf, size_t len, struct error *err);

/* Removes the first len bytes. */
void buf_drop(struct buf *buf, size_t len);

/* Returns the content as a string. Borrowed until the next change. */
const char *buf_text(const struct buf *buf);

/*
 * Returns the content as a string that the caller frees, and leaves the buffer
 * empty. NULL if there is no memory for the string of an empty buffer.
 */
char *buf_take(struct buf *buf);

#endif

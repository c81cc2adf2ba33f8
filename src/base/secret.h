/* SPDX-License-Identifier: MIT */
#ifndef BASE_SECRET_H
#define BASE_SECRET_H

/*
 * Holds a password or token. Its memory is excluded from core dumps and wiped
 * when freed, and is never moved. Secrets are never printed.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

enum {
	SECRET_MAX = 65536 /* bytes; the longest known tokens have about 4096 */
};

struct secret;

/* Returns an empty secret with room for SECRET_MAX bytes. NULL on failure. */
struct secret *secret_new(struct error *err);

/* Return a secret that contains the bytes, or a copy; the caller frees it. NULL
 * on failure, as secret_add. */
struct secret *secret_from(const void *bytes, size_t len, struct error *err);
struct secret *secret_copy(const struct secret *secret, struct error *err);

/* Wipes and frees. Accepts NULL. */
void secret_free(struct secret *secret);

/*
 * Appends bytes or a string. ERROR_DATA if the secret would exceed SECRET_MAX;
 * it is then unchanged. The caller must wipe the source.
 */
int secret_add(struct secret *secret, const void *bytes, size_t len,
    struct error *err);
int secret_add_text(struct secret *secret, const char *text, struct error *err);

/*
 * Reads fd to its end, without any other buffer. ERROR_IO if reading fails,
 * ERROR_TEMPORARY if it takes until the deadline (base/clock.h), ERROR_DATA if
 * the secret is too long.
 */
int secret_read(struct secret *secret, int fd, int64_t deadline_ms,
    struct error *err);

/* Keeps the first len bytes, of at least as many, and wipes the rest. */
void secret_truncate(struct secret *secret, size_t len);

/* Truncates the secret at its first line end and wipes the rest: files and
 * commands end a secret with a newline. */
void secret_cut_line(struct secret *secret);

/* Returns the bytes, followed by a NUL. Borrowed until the secret changes. */
const char *secret_bytes(const struct secret *secret);

/* Returns the number of bytes, without the NUL. */
size_t secret_len(const struct secret *secret);

/* Whether both have the same bytes. Its time depends on where they differ. */
bool secret_equals(const struct secret *a, const struct secret *b);

/* Wipes len bytes; the compiler does not remove the call. */
void secret_wipe(void *bytes, size_t len);

#endif

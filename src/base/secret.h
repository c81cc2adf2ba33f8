/* SPDX-License-Identifier: MIT */
#ifndef BASE_SECRET_H
#define BASE_SECRET_H

/*
 * The only holder of a password or token. Its memory is kept out of core files
 * and wiped when freed; it is never copied by growing. Nothing prints one.
 */

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

enum {
	SECRET_MAX = 65536 /* bytes; the longest tokens seen are about 4096 */
};

struct secret;

/* An empty secret with room for SECRET_MAX bytes. NULL on failure. */
struct secret *secret_new(struct error *err);

/* A copy, which the caller frees. NULL on failure. */
struct secret *secret_copy(const struct secret *secret, struct error *err);

/* Wipes and frees. Accepts NULL. */
void secret_free(struct secret *secret);

/*
 * Adds bytes at the end. More than SECRET_MAX in all is ERROR_DATA; the secret
 * is then unchanged. The source stays the caller's to wipe.
 */
int secret_add(struct secret *secret, const void *bytes, size_t len,
    struct error *err);

/*
 * Reads fd to its end, with nothing left behind in another buffer. Waits no
 * longer than to the monotonic deadline (base/clock.h). ERROR_IO when reading
 * fails, ERROR_TEMPORARY when time is up, ERROR_DATA when it is too long.
 */
int secret_read(struct secret *secret, int fd, int64_t deadline_ms,
    struct error *err);

/* Cuts the secret at its first line end, if there is one (and wipes the rest):
 * files and commands end what they say with a newline. */
void secret_cut_line(struct secret *secret);

/* The bytes, with a NUL behind them. Borrowed until the secret changes. */
const char *secret_bytes(const struct secret *secret);

/* How many bytes, without the NUL. */
size_t secret_len(const struct secret *secret);

/* Wipes len bytes in a way that the compiler keeps. */
void secret_wipe(void *bytes, size_t len);

#endif

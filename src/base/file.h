/* SPDX-License-Identifier: MIT */
#ifndef BASE_FILE_H
#define BASE_FILE_H

/*
 * Files that are trusted, private or replaced as a whole. Every check is made
 * on the open descriptor, so that nothing can be swapped behind it.
 */

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/buf.h"
#include "base/error.h"

/*
 * Opens a regular file for reading; a FIFO or a device doesn't hang it. Returns
 * a descriptor that closes on exec, or -1 with code and a message that names
 * the path. err->sys_errno tells ENOENT from the rest.
 */
int file_open(const char *path, enum error_code code, struct error *err);

/*
 * Whether what is open at fd may be believed: it belongs to the user or root
 * and nobody else may write to it. path is for the message; ERROR_CONFIG.
 */
int file_check_trusted(int fd, const char *path, struct error *err);

/* Whether nobody else may even read what is open at fd. ERROR_CONFIG. */
int file_check_private(int fd, const char *path, struct error *err);

/* Adds all that is left to read at fd to buf. ERROR_IO; ERROR_DATA over the
 * buf's bound. */
int file_read(int fd, struct buf *buf, const char *path, struct error *err);

/*
 * Opens the standard descriptors that the caller has closed: the next file that
 * is opened would take the place of one, and what is meant for a terminal would
 * go there. To be called before anything else is opened. ERROR_SYSTEM.
 */
int file_open_standard(struct error *err);

/* Writes all len bytes to fd. ERROR_IO. */
int file_write(int fd, const void *bytes, size_t len, struct error *err);

/*
 * Puts a file with these bytes at path, with that mode, in place of what is
 * there: a reader sees the old one or the new one, a crash leaves either, and
 * the new one once this has returned. ERROR_CREATE; the old file is then
 * untouched.
 */
int file_replace(const char *path, const void *bytes, size_t len, mode_t mode,
    struct error *err);

/*
 * Waits until no other process holds the file at path, which is made when it is
 * missing, and locks it (flock(2)). Returns a descriptor that closes on exec;
 * the lock lasts until it is closed or the process ends. ERROR_CREATE;
 * ERROR_TEMPORARY when another holds it until the deadline.
 */
int file_lock(const char *path, int64_t deadline_ms, struct error *err);

/* Makes the folders above path that are missing, closed to others.
 * ERROR_CREATE. */
int file_make_directories(const char *path, struct error *err);

/*
 * A file for reading and writing that has no name, closes on exec, and is gone
 * with its descriptor. In $TMPDIR, else /tmp. Returns -1 on failure.
 */
int file_open_unnamed(struct error *err);

#endif

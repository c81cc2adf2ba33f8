/* SPDX-License-Identifier: MIT */
#ifndef BASE_FILE_H
#define BASE_FILE_H

/*
 * Opens, checks, locks and replaces files. Checks are made on the open
 * descriptor, so that the file cannot be exchanged after the check.
 */

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/types.h>

#include "base/buf.h"
#include "base/error.h"

/*
 * Opens a regular file for reading; does not block on a FIFO or device. Returns
 * a close-on-exec descriptor, or -1 with the given code and a message that
 * names the path. err->sys_errno is ENOENT if the file does not exist, EISDIR
 * if it is a directory.
 */
int file_open(const char *path, enum error_code code, struct error *err);

/* What no other user may do with a file. */
enum file_protection {
	FILE_TRUSTED, /* write to it */
	FILE_SECRET   /* read it or write to it */
};

/*
 * Opens a file that the configuration names, as file_open does. It must belong
 * to the user or root and be protected from others: ERROR_CONFIG. Files in
 * $CREDENTIALS_DIRECTORY are protected by systemd and not checked.
 */
int file_open_protected(const char *path, enum file_protection protection,
    enum error_code code, struct error *err);

/* Reads fd to its end and appends it to buf. ERROR_IO; ERROR_DATA if it exceeds
 * the limit of buf. */
int file_read(int fd, struct buf *buf, const char *path, struct error *err);

/*
 * Reads at most size bytes, as read(2) does, and waits if there is nothing to
 * read: a shared terminal or socket may be in non-blocking mode. Returns 0 at
 * the end; -1 with ERROR_IO, and a message that begins with name.
 */
ssize_t file_read_some(int fd, void *out, size_t size, const char *name,
    struct error *err);

/*
 * Opens the standard descriptors that are closed. Otherwise the next file that
 * is opened would get such a number and receive output meant for the terminal.
 * Call it before opening anything else. ERROR_SYSTEM.
 */
int file_open_standard(struct error *err);

/* Writes all len bytes to fd. ERROR_IO. */
int file_write(int fd, const void *bytes, size_t len, struct error *err);

/*
 * Replaces the file at path, or creates it, with the given content and mode.
 * The change is atomic: readers, and the disk after a crash, have the old file
 * or the new one. On success the new file is on disk. On failure (ERROR_CREATE)
 * the old file is unchanged. A process that is killed meanwhile leaves a
 * temporary file, which a later call for the same path removes.
 */
int file_replace(const char *path, const void *bytes, size_t len, mode_t mode,
    struct error *err);

/* Removes the temporary files of file_replace for path that were last written
 * at least age_s seconds ago. Ignores failures. */
void file_remove_leftovers(const char *path, int age_s);

/*
 * Replaces the file at path by one with the same owner, group and mode as old
 * has. As file_replace; ERROR_CREATE also if the owner or the group cannot be
 * kept.
 */
int file_replace_like(const char *path, const void *bytes, size_t len,
    const struct stat *old, struct error *err);

/*
 * Locks the file at path (flock(2)), creating it if necessary, and waits for
 * another process that holds the lock. Returns a close-on-exec descriptor;
 * closing it releases the lock. ERROR_CREATE; ERROR_TEMPORARY if the lock is
 * still held at the deadline.
 */
int file_lock(const char *path, int64_t deadline_ms, struct error *err);

/* Creates the missing parent directories of path with mode 0700. ERROR_CREATE.
 */
int file_make_directories(const char *path, struct error *err);

/*
 * Tries whether a file can be created in the directory; if it does not exist
 * yet, in the nearest parent that does. No trace remains. ERROR_CREATE.
 */
int file_try_directory(const char *directory, struct error *err);

/*
 * Creates a file without a name in $TMPDIR or /tmp, open for reading and
 * writing. Returns a close-on-exec descriptor; closing it removes the file.
 * ERROR_CREATE.
 */
int file_open_unnamed(struct error *err);

/* Writes all len bytes to such a file. ERROR_IO: it is "temporary copy of" what
 * has this name. */
int file_write_unnamed(int fd, const void *bytes, size_t len, const char *name,
    struct error *err);

#endif

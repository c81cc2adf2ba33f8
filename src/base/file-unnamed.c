/* SPDX-License-Identifier: MIT */
/*
 * Files without a name, for what does not fit into memory.
 */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static int hint_directory(struct error *err);

int
file_open_unnamed(struct error *err)
{
	const char *directory = getenv("TMPDIR");
	char path[PATH_MAX];
	int fd;

	if (directory == NULL || *directory == '\0')
		directory = "/tmp";
	if ((size_t)snprintf(path, sizeof path, "%s/postrider.XXXXXX",
		directory) >= sizeof path) {
		error_set(err, ERROR_CREATE, "TMPDIR: path too long");
		return hint_directory(err);
	}
	fd = mkostemp(path, O_CLOEXEC);
	if (fd == -1) {
		error_set_errno(err, ERROR_CREATE, "%s", directory);
		return hint_directory(err);
	}
	if (unlink(path) == 0)
		return fd;
	error_set_errno(err, ERROR_CREATE, "cannot remove %s", path);
	close(fd);
	return hint_directory(err);
}

int
file_write_unnamed(int fd, const void *bytes, size_t len, const char *name,
    struct error *err)
{
	if (file_write(fd, bytes, len, err) == 0)
		return 0;
	errno = err->sys_errno;
	error_set_errno(err, ERROR_IO, "temporary copy of %s", name);
	return hint_directory(err);
}

/* Another directory is no remedy for a lack of memory or descriptors. */
static int
hint_directory(struct error *err)
{
	if (error_is_shortage(err->sys_errno))
		return -1;
	return error_hint(err, "set TMPDIR to another directory");
}

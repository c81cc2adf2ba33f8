/* SPDX-License-Identifier: MIT */
/*
 * Names, finds and replaces the files of the queue.
 */
#include "spool/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/listing.h"
#include "spool/failure.h"

static int write_file(const struct spool *spool, const char *name,
    const struct buf *text);

void
spool_file_name(char ret_name[SPOOL_NAME_SIZE], const char *id,
    const char *suffix)
{
	snprintf(ret_name, SPOOL_NAME_SIZE, "%s%s", id, suffix);
}

bool
spool_file_parse(const char *name, const char *suffix,
    char ret_id[SPOOL_ID_SIZE])
{
	char id[SPOOL_ID_SIZE] = "";

	memcpy(id, name, strnlen(name, sizeof id - 1));
	if (!spool_is_id(id) || strcmp(name + strlen(id), suffix) != 0)
		return false;
	memcpy(ret_id, id, sizeof id);
	return true;
}

bool
spool_file_exists(const struct spool *spool, const char *id, const char *suffix)
{
	char name[SPOOL_NAME_SIZE];

	spool_file_name(name, id, suffix);
	return faccessat(spool->directory, name, F_OK, 0) == 0 ||
	    errno != ENOENT;
}

int
spool_file_replace(const struct spool *spool, const char *name,
    const char *temporary, const struct buf *text, struct error *err)
{
	if (write_file(spool, temporary, text) == -1 ||
	    renameat(spool->directory, temporary, spool->directory, name) ==
		-1) {
		spool_failed(spool, err);
		unlinkat(spool->directory, temporary, 0);
		return -1;
	}
	return fsync(spool->directory) == 0 ? 0 : spool_failed(spool, err);
}

DIR *
spool_open_listing(const struct spool *spool, struct error *err)
{
	DIR *listing = listing_open(spool->directory);

	if (listing == NULL)
		error_set_errno(err, ERROR_IO, "queue %s", spool->path);
	return listing;
}

/* Sets errno. What has the name was left by a process that was killed. It is
 * not emptied: half a rename may have made it the state as well. */
static int
write_file(const struct spool *spool, const char *name, const struct buf *text)
{
	const int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
	struct error err;
	int fd = openat(spool->directory, name, flags, 0600);
	int cause = 0;

	if (fd == -1 && errno == EEXIST &&
	    unlinkat(spool->directory, name, 0) == 0)
		fd = openat(spool->directory, name, flags, 0600);
	if (fd == -1)
		return -1;
	if (file_write(fd, text->data, text->len, &err) == -1)
		cause = err.sys_errno;
	else if (fsync(fd) == -1)
		cause = errno;
	close(fd);
	errno = cause;
	return cause == 0 ? 0 : -1;
}

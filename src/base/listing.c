/* SPDX-License-Identifier: MIT */
/*
 * Opens a directory by its descriptor.
 */
#include "base/listing.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

DIR *
listing_open(int directory)
{
	int fd = openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *listing = fd != -1 ? fdopendir(fd) : NULL;
	int cause = errno;

	if (listing == NULL && fd != -1)
		close(fd);
	errno = cause;
	return listing;
}

/* SPDX-License-Identifier: MIT */
/*
 * Locks files by fcntl(2). Locks of flock(2) do not work on every NFS.
 */
#include "spool/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#ifndef F_OFD_SETLK
#error "this system has no locks of open file descriptions (F_OFD_SETLK)"
#endif

int
lock_file(int fd)
{
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};

	return fcntl(fd, F_OFD_SETLK, &lock);
}

bool
lock_is_held(int fd)
{
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};

	return fcntl(fd, F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
}

bool
lock_is_named(int fd)
{
	struct stat status;

	if (fstat(fd, &status) == 0 && status.st_nlink > 0)
		return true;
	errno = ENOENT;
	return false;
}

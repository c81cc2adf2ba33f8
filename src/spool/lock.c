/* SPDX-License-Identifier: MIT */
/*
 * Locks files by fcntl(2). Locks of flock(2) do not work on every NFS.
 */
#include "spool/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#ifdef F_OFD_SETLK

int
lock_file(int fd)
{
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};

	return fcntl(fd, F_OFD_SETLK, &lock);
}

void
lock_release(int fd)
{
	struct flock lock = {.l_type = F_UNLCK, .l_whence = SEEK_SET};

	fcntl(fd, F_OFD_SETLK, &lock);
}

bool
lock_is_held(int fd)
{
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};

	return fcntl(fd, F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
}

#else /* some BSDs: there, too, the lock belongs to the open file */

int
lock_file(int fd)
{
	return flock(fd, LOCK_EX | LOCK_NB);
}

void
lock_release(int fd)
{
	flock(fd, LOCK_UN);
}

bool
lock_is_held(int fd)
{
	if (flock(fd, LOCK_EX | LOCK_NB) == -1)
		return true;
	flock(fd, LOCK_UN);
	return false;
}

#endif

bool
lock_is_named(int fd)
{
	struct stat status;

	if (fstat(fd, &status) == 0 && status.st_nlink > 0)
		return true;
	errno = ENOENT;
	return false;
}

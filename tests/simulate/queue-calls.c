/* SPDX-License-Identifier: MIT */
/*
 * The system calls of the queue, by the linker's --wrap: on its simulated
 * directory, or on the real disk for all other files.
 */
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include "queue-disk.h"

int __wrap_openat(int directory, const char *name, int flags, ...);
int __real_openat(int directory, const char *name, int flags, ...);
int __wrap___openat_2(int directory, const char *name, int flags);
int __wrap_renameat(int from_directory, const char *from, int to_directory,
    const char *to);
int __real_renameat(int from_directory, const char *from, int to_directory,
    const char *to);
int __wrap_unlinkat(int directory, const char *name, int flags);
int __real_unlinkat(int directory, const char *name, int flags);
int __wrap_faccessat(int directory, const char *name, int mode, int flags);
int __real_faccessat(int directory, const char *name, int mode, int flags);
int __wrap_fsync(int fd);
int __real_fsync(int fd);
int __wrap_fchmod(int fd, mode_t mode);
int __real_fchmod(int fd, mode_t mode);
int __wrap_fcntl(int fd, int command, ...);
int __real_fcntl(int fd, int command, ...);

int
__wrap_openat(int directory, const char *name, int flags, ...)
{
	va_list args;
	mode_t mode = 0;

	if (queue_disk_has(directory))
		return queue_disk_open(name, flags);
	va_start(args, flags);
	if ((flags & O_CREAT) != 0)
		mode = va_arg(args, mode_t);
	va_end(args);
	return __real_openat(directory, name, flags, mode);
}

int
__wrap___openat_2(int directory, const char *name, int flags)
{
	return queue_disk_has(directory)
	    ? queue_disk_open(name, flags)
	    : __real_openat(directory, name, flags);
}

int
__wrap_renameat(int from_directory, const char *from, int to_directory,
    const char *to)
{
	return queue_disk_has(from_directory)
	    ? queue_disk_rename(from, to)
	    : __real_renameat(from_directory, from, to_directory, to);
}

int
__wrap_unlinkat(int directory, const char *name, int flags)
{
	return queue_disk_has(directory)
	    ? queue_disk_unlink(name)
	    : __real_unlinkat(directory, name, flags);
}

int
__wrap_faccessat(int directory, const char *name, int mode, int flags)
{
	return queue_disk_has(directory)
	    ? queue_disk_access(name)
	    : __real_faccessat(directory, name, mode, flags);
}

int
__wrap_fsync(int fd)
{
	return queue_disk_has(fd) ? queue_disk_sync(fd) : __real_fsync(fd);
}

int
__wrap_fchmod(int fd, mode_t mode)
{
	return queue_disk_has(fd) ? 0 : __real_fchmod(fd, mode);
}

int
__wrap_fcntl(int fd, int command, ...)
{
	va_list args;
	void *argument;

	va_start(args, command);
	argument = va_arg(args, void *);
	va_end(args);
	if (!queue_disk_has(fd) || command != F_OFD_SETLK)
		return __real_fcntl(fd, command, argument);
	return queue_disk_lock(fd,
	    ((const struct flock *)argument)->l_type != F_UNLCK);
}

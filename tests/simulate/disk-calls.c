/* SPDX-License-Identifier: MIT */
/*
 * The system calls for files, by the linker's --wrap: on the simulated disk, or
 * on the real one for all other files. Compilers choose the names with "chk" if
 * they know the size of a buffer.
 */
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"

#include "disk.h"
#include "queue-disk.h"

int __wrap_open(const char *path, int flags, ...);
int __real_open(const char *path, int flags, ...);
int __wrap_mkostemp(char *path, int flags);
int __real_mkostemp(char *path, int flags);
int __wrap_unlink(const char *path);
int __real_unlink(const char *path);
ssize_t __wrap_read(int fd, void *out, size_t len);
ssize_t __real_read(int fd, void *out, size_t len);
ssize_t __wrap___read_chk(int fd, void *out, size_t len, size_t size);
ssize_t __wrap_pread(int fd, void *out, size_t len, off_t offset);
ssize_t __real_pread(int fd, void *out, size_t len, off_t offset);
ssize_t __wrap___pread_chk(int fd, void *out, size_t len, off_t offset,
    size_t size);
ssize_t __wrap_write(int fd, const void *bytes, size_t len);
ssize_t __real_write(int fd, const void *bytes, size_t len);
off_t __wrap_lseek(int fd, off_t offset, int whence);
off_t __real_lseek(int fd, off_t offset, int whence);
int __wrap_fstat(int fd, struct stat *ret_status);
int __real_fstat(int fd, struct stat *ret_status);
int __wrap_ftruncate(int fd, off_t len);
int __real_ftruncate(int fd, off_t len);
int __wrap_poll(struct pollfd *fds, nfds_t count, int timeout_ms);
int __real_poll(struct pollfd *fds, nfds_t count, int timeout_ms);
int __wrap___poll_chk(struct pollfd *fds, nfds_t count, int timeout_ms,
    size_t size);

int
__wrap_open(const char *path, int flags, ...)
{
	va_list args;
	mode_t mode = 0;

	if (strcmp(path, DISK_LOG_PATH) == 0)
		return disk_open_log(flags);
	va_start(args, flags);
	if ((flags & O_CREAT) != 0)
		mode = va_arg(args, mode_t);
	va_end(args);
	return __real_open(path, flags, mode);
}

int
__wrap_mkostemp(char *path, int flags)
{
	return text_has_prefix(path, DISK_DIRECTORY "/")
	    ? disk_create_copy(path)
	    : __real_mkostemp(path, flags);
}

int
__wrap_unlink(const char *path)
{
	return text_has_prefix(path, DISK_DIRECTORY "/") ? disk_unlink(path)
							 : __real_unlink(path);
}

ssize_t
__wrap_read(int fd, void *out, size_t len)
{
	enum disk_file file = disk_file_of(fd);

	if (queue_disk_has(fd))
		return queue_disk_read(fd, out, len);
	return file != DISK_FILES ? disk_read(file, out, len, -1)
				  : __real_read(fd, out, len);
}

ssize_t
__wrap___read_chk(int fd, void *out, size_t len, size_t size)
{
	if (len > size)
		abort();
	return __wrap_read(fd, out, len);
}

ssize_t
__wrap_pread(int fd, void *out, size_t len, off_t offset)
{
	enum disk_file file = disk_file_of(fd);

	return file != DISK_FILES ? disk_read(file, out, len, offset)
				  : __real_pread(fd, out, len, offset);
}

ssize_t
__wrap___pread_chk(int fd, void *out, size_t len, off_t offset, size_t size)
{
	if (len > size)
		abort();
	return __wrap_pread(fd, out, len, offset);
}

ssize_t
__wrap_write(int fd, const void *bytes, size_t len)
{
	enum disk_file file = disk_file_of(fd);

	if (queue_disk_has(fd))
		return queue_disk_write(fd, bytes, len);
	return file != DISK_FILES ? disk_write(file, bytes, len)
				  : __real_write(fd, bytes, len);
}

off_t
__wrap_lseek(int fd, off_t offset, int whence)
{
	enum disk_file file = disk_file_of(fd);

	return file != DISK_FILES ? disk_tell(file)
				  : __real_lseek(fd, offset, whence);
}

int
__wrap_fstat(int fd, struct stat *ret_status)
{
	enum disk_file file = disk_file_of(fd);

	if (queue_disk_has(fd))
		return queue_disk_stat(fd, ret_status);
	return file != DISK_FILES ? disk_stat(file, ret_status)
				  : __real_fstat(fd, ret_status);
}

int
__wrap_ftruncate(int fd, off_t len)
{
	enum disk_file file = disk_file_of(fd);

	return file != DISK_FILES ? disk_truncate(file, len)
				  : __real_ftruncate(fd, len);
}

int
__wrap_poll(struct pollfd *fds, nfds_t count, int timeout_ms)
{
	enum disk_file file = count > 0 ? disk_file_of(fds->fd) : DISK_FILES;

	if (file == DISK_FILES)
		return __real_poll(fds, count, timeout_ms);
	disk_poll(file);
	return 1;
}

int
__wrap___poll_chk(struct pollfd *fds, nfds_t count, int timeout_ms, size_t size)
{
	if (size / sizeof *fds < count)
		abort();
	return __wrap_poll(fds, count, timeout_ms);
}

/* SPDX-License-Identifier: MIT */
/*
 * Opens, checks, reads, writes and locks files.
 */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"

enum {
	LOCK_INTERVAL_MS = 10
};

static bool is_systemd_credential(const char *path);
static int check_protection(int fd, const char *path,
    enum file_protection protection, struct error *err);
static int write_all(int fd, const char *bytes, size_t len);

int
file_open(const char *path, enum error_code code, struct error *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat status;

	if (fd == -1)
		return error_set_errno(err, code, "%s", path);
	if (fstat(fd, &status) == -1) {
		error_set_errno(err, code, "%s", path);
	} else if (S_ISDIR(status.st_mode)) {
		error_set(err, code, "%s: is a directory", path);
		err->sys_errno = EISDIR;
	} else if (!S_ISREG(status.st_mode)) {
		error_set(err, code, "%s: not a regular file", path);
	} else {
		return fd;
	}
	close(fd);
	return -1;
}

int
file_open_protected(const char *path, enum file_protection protection,
    enum error_code code, struct error *err)
{
	int fd = file_open(path, code, err);

	if (fd == -1 || is_systemd_credential(path) ||
	    check_protection(fd, path, protection, err) == 0)
		return fd;
	close(fd);
	return -1;
}

int
file_read(int fd, struct buf *buf, const char *path, struct error *err)
{
	enum {
		PIECE = 16384
	};

	for (;;) {
		size_t room = buf->max - buf->len;
		ssize_t got;

		if (room == 0)
			return error_set(err, ERROR_DATA,
			    "%s: longer than %zu bytes", path, buf->max - 1);
		if (room > PIECE)
			room = PIECE;
		if (buf_reserve(buf, room, err) == -1)
			return -1;
		got = read(fd, buf->data + buf->len, room);
		if (got == -1 && errno == EINTR)
			continue;
		if (got == -1)
			return error_set_errno(err, ERROR_IO, "%s", path);
		if (got == 0)
			return 0;
		buf->len += (size_t)got;
		buf->data[buf->len] = '\0';
	}
}

/*
 * Standard input is opened for writing and standard output for reading, so that
 * using them fails as it would if they were closed. Output to standard error
 * may be lost.
 */
ssize_t
file_read_some(int fd, void *out, size_t size, const char *name,
    struct error *err)
{
	for (;;) {
		struct pollfd readable = {.fd = fd, .events = POLLIN};
		ssize_t got = read(fd, out, size);

		if (got >= 0)
			return got;
		if (errno == EAGAIN || errno == EWOULDBLOCK)
			poll(&readable, 1, -1);
		else if (errno != EINTR)
			return error_set_errno(err, ERROR_IO, "%s", name);
	}
}

int
file_open_standard(struct error *err)
{
	static const int modes[] = {O_WRONLY, O_RDONLY, O_RDWR};

	for (int fd = 0; fd <= 2; fd++) {
		if (fcntl(fd, F_GETFD) != -1)
			continue;
		if (open("/dev/null", modes[fd]) != fd)
			return error_set_errno(err, ERROR_SYSTEM, "/dev/null");
	}
	return 0;
}

int
file_write(int fd, const void *bytes, size_t len, struct error *err)
{
	if (write_all(fd, bytes, len) == -1)
		return error_set_errno(err, ERROR_IO, "cannot write");
	return 0;
}

int
file_lock(const char *path, int64_t deadline_ms, struct error *err)
{
	int fd = open(path,
	    O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY, 0600);

	if (fd == -1)
		return error_set_errno(err, ERROR_CREATE, "%s", path);
	while (flock(fd, LOCK_EX | LOCK_NB) == -1) {
		if (errno != EWOULDBLOCK && errno != EINTR)
			error_set_errno(err, ERROR_CREATE, "cannot lock %s",
			    path);
		else if (clock_left_ms(deadline_ms) == 0)
			error_set(err, ERROR_TEMPORARY,
			    "%s: another process holds the lock", path);
		else {
			clock_sleep_until(clock_now_ms() + LOCK_INTERVAL_MS);
			continue;
		}
		close(fd);
		return -1;
	}
	return fd;
}

int
file_make_directories(const char *path, struct error *err)
{
	char *copy = strdup(path);
	int result = 0;

	if (copy == NULL)
		return error_no_memory(err);
	for (char *slash = strchr(copy + 1, '/'); slash != NULL && result == 0;
	     slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (mkdir(copy, 0700) == -1 && errno != EEXIST)
			result = error_set_errno(err, ERROR_CREATE, "%s", copy);
		*slash = '/';
	}
	free(copy);
	return result;
}

/*
 * See systemd.exec(5), "CREDENTIALS". The group bits of such a file may be the
 * mask of an access control list that admits only the user of the service.
 */
static bool
is_systemd_credential(const char *path)
{
	const char *directory = getenv("CREDENTIALS_DIRECTORY");
	size_t len = directory != NULL ? strlen(directory) : 0;

	return len > 0 && strncmp(path, directory, len) == 0 &&
	    path[len] == '/' && path[len + 1] != '.' &&
	    strchr(path + len + 1, '/') == NULL;
}

static int
check_protection(int fd, const char *path, enum file_protection protection,
    struct error *err)
{
	static const struct {
		mode_t forbidden;
		const char *fault;
		const char *remedy;
	} rules[] = {
	    [FILE_TRUSTED] = {S_IWGRP | S_IWOTH, "other users can write to it",
		"chmod go-w"},
	    [FILE_SECRET] = {S_IRWXG | S_IRWXO,
		"contains a secret but other users have access", "chmod 600"},
	};
	struct stat status;
	unsigned long owner;
	unsigned mode;

	if (fstat(fd, &status) == -1)
		return error_set_errno(err, ERROR_CONFIG, "%s", path);
	owner = status.st_uid;
	mode = status.st_mode & 07777;
	if (owner != geteuid() && owner != 0) {
		error_set(err, ERROR_CONFIG,
		    "%s: is owned by user %lu, not by you or root (mode %03o)",
		    path, owner, mode);
		return error_hint(err,
		    "if you trust its content: chown %lu %s; otherwise use "
		    "another file",
		    (unsigned long)geteuid(), path);
	}
	if ((mode & rules[protection].forbidden) == 0)
		return 0;
	error_set(err, ERROR_CONFIG, "%s: %s (owner %lu, mode %03o)", path,
	    rules[protection].fault, owner, mode);
	return error_hint(err, "%s %s", rules[protection].remedy, path);
}

static int
write_all(int fd, const char *bytes, size_t len)
{
	while (len > 0) {
		ssize_t put = write(fd, bytes, len);

		if (put == -1 && errno == EINTR)
			continue;
		if (put == -1)
			return -1;
		bytes += put;
		len -= (size_t)put;
	}
	return 0;
}

/* SPDX-License-Identifier: MIT */
/*
 * A library to preload, for what a test can't have of the machine that it runs
 * on: BAD_DAY_LOCK is the errno of a lock of an open file, BAD_DAY_CLOCK the
 * seconds that the clock is wrong, BAD_DAY_TYPE the type of all file systems
 * (statfs(2)), BAD_DAY_WRITE=1 makes each write to a regular file a short one,
 * BAD_DAY_SEND=1 each message to a Unix socket. A process that is about to call
 * setsid(2) writes its number to the new file BAD_DAY_STOP, and stops.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <time.h>
#include <unistd.h>

static long
wanted(const char *name)
{
	const char *value = getenv(name);

	return value != NULL ? strtol(value, NULL, 10) : 0;
}

static int
lock_or(const char *next, int fd, int command, void *argument)
{
	int (*real)(int, int, ...) =
	    (int (*)(int, int, ...))dlsym(RTLD_NEXT, next);

	if (wanted("BAD_DAY_LOCK") == 0 ||
	    (command != F_OFD_SETLK && command != F_OFD_SETLKW &&
		command != F_OFD_GETLK))
		return real(fd, command, argument);
	errno = (int)wanted("BAD_DAY_LOCK");
	return -1;
}

int
fcntl(int fd, int command, ...)
{
	va_list arguments;
	void *argument;

	va_start(arguments, command);
	argument = va_arg(arguments, void *);
	va_end(arguments);
	return lock_or("fcntl", fd, command, argument);
}

int
fcntl64(int fd, int command, ...)
{
	va_list arguments;
	void *argument;

	va_start(arguments, command);
	argument = va_arg(arguments, void *);
	va_end(arguments);
	return lock_or("fcntl64", fd, command, argument);
}

int
clock_gettime(clockid_t clock, struct timespec *now)
{
	int (*real)(clockid_t, struct timespec *) = (int (*)(clockid_t,
	    struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
	int result = real(clock, now);

	if (clock == CLOCK_REALTIME)
		now->tv_sec += wanted("BAD_DAY_CLOCK");
	return result;
}

time_t
time(time_t *result)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	if (result != NULL)
		*result = now.tv_sec;
	return now.tv_sec;
}

int
fstatfs(int fd, struct statfs *status)
{
	int (*real)(int, struct statfs *) =
	    (int (*)(int, struct statfs *))dlsym(RTLD_NEXT, "fstatfs");
	int result = real(fd, status);

	if (wanted("BAD_DAY_TYPE") != 0)
		status->f_type = wanted("BAD_DAY_TYPE");
	return result;
}

ssize_t
write(int fd, const void *bytes, size_t len)
{
	ssize_t (*real)(int, const void *, size_t) =
	    (ssize_t(*)(int, const void *, size_t))dlsym(RTLD_NEXT, "write");
	struct stat status;

	if (wanted("BAD_DAY_WRITE") == 1 && len > 1 &&
	    fstat(fd, &status) == 0 && S_ISREG(status.st_mode))
		len = len / 2;
	return real(fd, bytes, len);
}

ssize_t
sendmsg(int fd, const struct msghdr *message, int flags)
{
	ssize_t (*real)(int, const struct msghdr *, int) = (ssize_t(*)(int,
	    const struct msghdr *, int))dlsym(RTLD_NEXT, "sendmsg");
	struct msghdr shorter = *message;
	struct iovec piece;
	socklen_t len = sizeof(int);
	int domain = 0;

	getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &len);
	if (wanted("BAD_DAY_SEND") == 1 && domain == AF_UNIX &&
	    message->msg_iovlen == 1) {
		piece = message->msg_iov[0];
		piece.iov_len = (piece.iov_len + 1) / 2;
		shorter.msg_iov = &piece;
	}
	return real(fd, &shorter, flags);
}

pid_t
setsid(void)
{
	pid_t (*real)(void) = (pid_t(*)(void))dlsym(RTLD_NEXT, "setsid");
	const char *path = getenv("BAD_DAY_STOP");
	FILE *file = path != NULL ? fopen(path, "wx") : NULL;

	if (file != NULL) {
		fprintf(file, "%ld\n", (long)getpid());
		fclose(file);
		raise(SIGSTOP);
	}
	return real();
}

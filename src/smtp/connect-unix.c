/* SPDX-License-Identifier: MIT */
/*
 * Connects to a Unix socket. Such a connection is made at once, or refused,
 * unless too many others wait for the server.
 */
#include "smtp/connect-unix.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/interruption.h"

enum {
	FULL_DELAY_MS = 20
};

static int connect_until(int fd, const struct sockaddr_un *address,
    int64_t deadline_ms);
static int explain(const char *path, struct error *err);

int
connect_to_unix(const char *path, int64_t deadline_ms,
    const struct transcript *transcript, struct error *err)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	size_t len = strlen(path);
	int fd;

	if (len >= sizeof address.sun_path)
		return error_set(err, ERROR_CONFIG,
		    "%s: the path of a socket has at most %zu bytes", path,
		    sizeof address.sun_path - 1);
	memcpy(address.sun_path, path, len + 1);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd == -1 || connect_until(fd, &address, deadline_ms) == -1) {
		explain(path, err);
		if (fd != -1)
			close(fd);
		return -1;
	}
	transcript_note(transcript, "connected to %s", path);
	return fd;
}

/* A full queue can't be waited for with poll. */
static int
connect_until(int fd, const struct sockaddr_un *address, int64_t deadline_ms)
{
	while (connect(fd, (const struct sockaddr *)address, sizeof *address) ==
	    -1) {
		if (errno != EAGAIN && errno != EINTR)
			return -1;
		if (clock_left_ms(deadline_ms) == 0) {
			errno = ETIMEDOUT;
			return -1;
		}
		poll(NULL, 0, FULL_DELAY_MS);
	}
	return 0;
}

static int
explain(const char *path, struct error *err)
{
	bool is_forbidden = errno == EACCES || errno == EPERM;
	bool is_missing = errno == ENOENT || errno == ECONNREFUSED;

	error_set_errno(err, is_forbidden ? ERROR_CONFIG : ERROR_TEMPORARY,
	    "%s", path);
	if (is_forbidden)
		error_hint(err,
		    "ask the administrator for access to this socket");
	if (is_missing)
		error_hint(err,
		    "the submission service of this computer is not running; "
		    "start it with: systemctl start postrider.socket");
	return -1;
}

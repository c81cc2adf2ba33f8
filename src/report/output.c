/* SPDX-License-Identifier: MIT */
/*
 * Writes pieces after poll(2) has found room. The descriptors are shared with
 * other processes, so they can't be made non-blocking; but a pipe or terminal
 * that has room accepts PIPE_BUF bytes.
 */
#include "report/output.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/interruption.h"

enum {
	TEXT_MAX = 4096
};

int
output_write(int fd, const char *bytes, size_t len, int64_t deadline_ms)
{
	while (len > 0) {
		ssize_t put;

		if (!output_has_room(fd, deadline_ms)) {
			errno = EAGAIN;
			return -1;
		}
		put = write(fd, bytes, len < PIPE_BUF ? len : PIPE_BUF);
		if (put == -1 && errno != EINTR && errno != EAGAIN)
			return -1;
		if (put > 0) {
			bytes += put;
			len -= (size_t)put;
		}
	}
	return 0;
}

int
output_format(int fd, int64_t deadline_ms, const char *format, ...)
{
	char text[TEXT_MAX];
	va_list args;
	int len;

	va_start(args, format);
	len = vsnprintf(text, sizeof text, format, args);
	va_end(args);
	if (len < 0)
		return -1;
	return output_write(fd, text,
	    (size_t)len < sizeof text ? (size_t)len : sizeof text - 1,
	    deadline_ms);
}

bool
output_has_room(int fd, int64_t deadline_ms)
{
	struct pollfd ready = {.fd = fd, .events = POLLOUT};
	int count;

	do {
		count =
		    interruption_poll(&ready, 1, clock_left_ms(deadline_ms));
	} while (count == -1 && errno == EINTR && interruption_caught() == 0);
	return count == 1;
}

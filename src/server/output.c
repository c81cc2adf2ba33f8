/* SPDX-License-Identifier: MIT */
/*
 * Buffers replies and writes them before the server waits.
 */
#include "server/output.h"

#include <errno.h>
#include <poll.h>
#include <unistd.h>

#include "base/clock.h"

enum {
	PENDING_MAX = 65536,
	ROOM_FOR_REPLY = 16384 /* of the longest text, all of it escaped */
};

static int output_failed(int failure, struct error *err);

void
server_output_init(struct server_output *output, int fd, int64_t timeout_ms)
{
	*output = (struct server_output){.fd = fd, .timeout_ms = timeout_ms};
	buf_init(&output->pending, PENDING_MAX);
}

void
server_output_done(struct server_output *output)
{
	buf_done(&output->pending);
}

int
server_output_add(struct server_output *output,
    const struct server_reply *reply, struct error *err)
{
	if (output->pending.len > PENDING_MAX - ROOM_FOR_REPLY &&
	    server_output_flush(output, err) == -1)
		return -1;
	return server_reply_write(reply, &output->pending, err);
}

int
server_output_flush(struct server_output *output, struct error *err)
{
	int64_t deadline_ms = clock_now_ms() + output->timeout_ms;
	size_t done = 0;

	while (done < output->pending.len) {
		struct pollfd writable = {.fd = output->fd, .events = POLLOUT};
		int left_ms = clock_left_ms(deadline_ms);
		ssize_t put;

		if (poll(&writable, 1, left_ms) == 0 && left_ms == 0)
			return output_failed(EAGAIN, err);
		put = write(output->fd, output->pending.data + done,
		    output->pending.len - done);
		if (put > 0)
			done += (size_t)put;
		else if (errno != EINTR && errno != EAGAIN &&
		    errno != EWOULDBLOCK)
			return output_failed(errno, err);
	}
	buf_clear(&output->pending);
	return 0;
}

static int
output_failed(int failure, struct error *err)
{
	if (failure == EAGAIN)
		return error_set(err, ERROR_IO,
		    "standard output: the client does not read the replies");
	errno = failure;
	return error_set_errno(err, ERROR_IO, "standard output");
}

/* SPDX-License-Identifier: MIT */
/*
 * Sends and receives frames. At most one descriptor is kept; others that come
 * are closed.
 */
#include "submit/hold-channel.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/interruption.h"

enum {
	PIECE_SIZE = 16384,
	DESCRIPTORS_MAX = 4
};

/* Room for control messages, aligned as they must be. */
union control {
	char bytes[CMSG_SPACE(DESCRIPTORS_MAX * sizeof(int))];
	struct cmsghdr align;
};

static ssize_t channel_send_some(const struct hold_channel *channel,
    const char *bytes, size_t len, int descriptor);
static enum hold_event channel_await(struct hold_channel *channel,
    int64_t deadline_ms);
static ssize_t channel_receive(struct hold_channel *channel);
static void channel_keep_descriptor(struct hold_channel *channel,
    struct msghdr *message);

void
hold_channel_init(struct hold_channel *channel, int fd)
{
	*channel = (struct hold_channel){.fd = fd, .passed = -1};
	buf_init(&channel->input, FRAME_MAX + PIECE_SIZE);
}

void
hold_channel_done(struct hold_channel *channel)
{
	if (channel->fd != -1)
		close(channel->fd);
	if (channel->passed != -1)
		close(channel->passed);
	buf_done(&channel->input);
	channel->fd = channel->passed = -1;
}

int
hold_channel_send(struct hold_channel *channel, const struct buf *out,
    int descriptor, int64_t deadline_ms, struct error *err)
{
	struct pollfd ready = {.fd = channel->fd, .events = POLLOUT};
	size_t sent = 0;

	while (sent < out->len) {
		ssize_t count = channel_send_some(channel, out->data + sent,
		    out->len - sent, descriptor);

		if (count > 0) {
			sent += (size_t)count;
			descriptor = -1;
		} else if (errno != EAGAIN && errno != EINTR) {
			return error_set_errno(err, ERROR_SYSTEM,
			    "the other process");
		} else if (clock_left_ms(deadline_ms) == 0) {
			return error_set(err, ERROR_SYSTEM,
			    "the other process does not read");
		} else if (errno == EAGAIN) {
			poll(&ready, 1, clock_left_ms(deadline_ms));
		}
	}
	return 0;
}

enum hold_event
hold_channel_next(struct hold_channel *channel, int64_t deadline_ms,
    struct frame *ret_frame)
{
	buf_drop(&channel->input, channel->used);
	channel->used = 0;
	for (;;) {
		long size = frame_find(channel->input.data, channel->input.len,
		    ret_frame);
		enum hold_event event;

		if (size > 0) {
			channel->used = (size_t)size;
			return HOLD_EVENT_FRAME;
		}
		if (size < 0)
			return HOLD_EVENT_BROKEN;
		event = channel_await(channel, deadline_ms);
		if (event != HOLD_EVENT_FRAME)
			return event;
	}
}

static ssize_t
channel_send_some(const struct hold_channel *channel, const char *bytes,
    size_t len, int descriptor)
{
	struct iovec piece = {.iov_base = (void *)bytes, .iov_len = len};
	struct msghdr message = {.msg_iov = &piece, .msg_iovlen = 1};
	union control control = {.bytes = {0}};

	if (descriptor != -1) {
		struct cmsghdr *header;

		message.msg_control = control.bytes;
		message.msg_controllen = CMSG_SPACE(sizeof descriptor);
		header = CMSG_FIRSTHDR(&message);
		header->cmsg_level = SOL_SOCKET;
		header->cmsg_type = SCM_RIGHTS;
		header->cmsg_len = CMSG_LEN(sizeof descriptor);
		memcpy(CMSG_DATA(header), &descriptor, sizeof descriptor);
	}
	return sendmsg(channel->fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
}

/* Returns HOLD_EVENT_FRAME if there may be one now. */
static enum hold_event
channel_await(struct hold_channel *channel, int64_t deadline_ms)
{
	struct pollfd ready = {.fd = channel->fd, .events = POLLIN};
	int count = interruption_poll(&ready, 1, clock_left_ms(deadline_ms));
	ssize_t got;

	if (count == -1 && errno != EINTR)
		return HOLD_EVENT_BROKEN;
	if (count > 0) {
		got = channel_receive(channel);
		if (got == 0)
			return HOLD_EVENT_CLOSED;
		return got > 0 ? HOLD_EVENT_FRAME : HOLD_EVENT_BROKEN;
	}
	if (interruption_caught() != 0)
		return HOLD_EVENT_INTERRUPTED;
	return clock_left_ms(deadline_ms) == 0 ? HOLD_EVENT_LATE
					       : HOLD_EVENT_FRAME;
}

/* Returns as recv(2), but 1 if a signal came first, and 0 also if the other
 * side was closed before it had read all. */
static ssize_t
channel_receive(struct hold_channel *channel)
{
	union control control;
	struct iovec piece = {.iov_len = PIECE_SIZE};
	struct msghdr message = {.msg_iov = &piece,
	    .msg_iovlen = 1,
	    .msg_control = control.bytes,
	    .msg_controllen = sizeof control.bytes};
	struct error ignored;
	ssize_t got;

	if (buf_reserve(&channel->input, PIECE_SIZE, &ignored) == -1)
		return -1;
	piece.iov_base = channel->input.data + channel->input.len;
	got = recvmsg(channel->fd, &message, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
	if (got == -1 && errno == ECONNRESET)
		return 0;
	if (got == -1)
		return errno == EINTR || errno == EAGAIN ? 1 : -1;
	channel_keep_descriptor(channel, &message);
	channel->input.len += (size_t)got;
	return got;
}

static void
channel_keep_descriptor(struct hold_channel *channel, struct msghdr *message)
{
	for (struct cmsghdr *header = CMSG_FIRSTHDR(message); header != NULL;
	     header = CMSG_NXTHDR(message, header)) {
		size_t count = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
		int descriptor[DESCRIPTORS_MAX];

		if (header->cmsg_level != SOL_SOCKET ||
		    header->cmsg_type != SCM_RIGHTS || count > DESCRIPTORS_MAX)
			continue;
		memcpy(descriptor, CMSG_DATA(header), count * sizeof(int));
		for (size_t i = 0; i < count; i++) {
			if (channel->passed == -1)
				channel->passed = descriptor[i];
			else
				close(descriptor[i]);
		}
	}
}

/* SPDX-License-Identifier: MIT */
#ifndef SUBMIT_HOLD_CHANNEL_H
#define SUBMIT_HOLD_CHANNEL_H

/* A Unix socket that carries frames (base/frame.h), and descriptors. */

#include <stdint.h>

#include "base/buf.h"
#include "base/frame.h"

enum hold_event {
	HOLD_EVENT_FRAME,
	HOLD_EVENT_CLOSED,     /* all that the other side sent was read */
	HOLD_EVENT_BROKEN,     /* it can't be read, or is no frame */
	HOLD_EVENT_LATE,       /* the deadline has passed */
	HOLD_EVENT_INTERRUPTED /* a delayed signal (base/interruption.h) */
};

struct hold_channel {
	int fd;
	int passed; /* the first descriptor that came, or -1 */
	struct buf input;
	size_t used; /* bytes of the input: the frame that was read */
};

/* fd belongs to the channel then. */
void hold_channel_init(struct hold_channel *channel, int fd);

/* Closes both descriptors. */
void hold_channel_done(struct hold_channel *channel);

/* Sends all of out, with the descriptor unless it is -1. ERROR_SYSTEM: the
 * other side is gone, or does not read. */
int hold_channel_send(struct hold_channel *channel, const struct buf *out,
    int descriptor, int64_t deadline_ms, struct error *err);

/* Awaits the next frame, which is valid until the next call. */
enum hold_event hold_channel_next(struct hold_channel *channel,
    int64_t deadline_ms, struct frame *ret_frame);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * Ends a session (RFC 5321 section 4.1.1.10) for a caller that opens another
 * one at once.
 */
#include "smtp/quit.h"

#include "base/clock.h"
#include "smtp/reply.h"
#include "smtp/wire.h"

enum {
	QUIT_MS = 2000
};

void
smtp_quit(struct smtp_channel *channel)
{
	struct error ignored;

	channel->is_broken = true;
	if (wire_command(channel->wire, &ignored, "QUIT") == 0)
		smtp_reply_read(channel->reply, channel->wire,
		    clock_now_ms() + QUIT_MS, &ignored);
}

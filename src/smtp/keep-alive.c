/* SPDX-License-Identifier: MIT */
/*
 * Sends NOOP (RFC 5321 section 4.1.1.9), so that neither the server nor a
 * firewall closes an idle connection.
 */
#include "smtp/keep-alive.h"

#include "smtp/reply.h"
#include "smtp/wire.h"

int
smtp_keep_alive(struct smtp_channel *channel, struct error *err)
{
	struct smtp_reply *reply = channel->reply;

	channel->is_broken = true;
	if (wire_command(channel->wire, err, "NOOP") == -1 ||
	    smtp_reply_read(reply, channel->wire,
		smtp_params_deadline(channel->params), err) == -1)
		return -1;
	if (smtp_reply_class(reply) != 2)
		return smtp_reply_fail(reply, wire_peer(channel->wire), "NOOP",
		    err);
	channel->is_broken = false;
	return 0;
}

/* SPDX-License-Identifier: MIT */
/*
 * Takes the message, by DATA or BDAT, and compares it with the one that the
 * client was given. Replies early if it was told to.
 */
#include "server.h"

#include <string.h>

#include "verdict.h"

static void take_byte(struct server *server, char byte);
static void reply_early(struct server *server);

/* RFC 5321 section 4.5.2: a dot that is added at the start of a line is
 * removed; a line of one dot ends the message. */
size_t
server_take_data(struct server *server, const char *bytes, size_t len,
    bool *ret_is_end)
{
	for (size_t i = 0; i < len; i++) {
		char byte = bytes[i];

		if (server->at_line_start && byte == '.') {
			server->at_line_start = false;
			server->after_dot = true;
			continue;
		}
		if (server->after_dot && byte == '\r') {
			server->after_cr = true;
			server->after_dot = false;
			continue;
		}
		if (server->after_cr) {
			server->after_cr = false;
			if (byte == '\n') {
				verdict_note("client", "ends the message");
				*ret_is_end = true;
				return i + 1;
			}
			verdict_violation("a line of a dot and CR");
		}
		server->after_dot = false;
		take_byte(server, byte);
	}
	return len;
}

size_t
server_take_chunk(struct server *server, const char *bytes, size_t len)
{
	if (len > server->chunk_left)
		len = server->chunk_left;
	for (size_t i = 0; i < len; i++)
		take_byte(server, bytes[i]);
	server->chunk_left -= len;
	return len;
}

static void
take_byte(struct server *server, char byte)
{
	const struct server_account *account = server->account;
	size_t i = server->message_len++;

	if (i >= account->wire_len || account->wire[i] != byte)
		server->is_changed = true;
	server->at_line_start = byte == '\n';
	if (server->state == SERVER_DATA &&
	    server->message_len == server->early_at)
		reply_early(server);
}

/* Such a server replies before the message has ended, and not at its end. */
static void
reply_early(struct server *server)
{
	truth_lie(&server->truth);
	server_say_or_refuse(server, TRUTH_MARK_OTHER, 250, "2.0.0 stored");
	server->is_gone |= seed_chance(server->seed, 500);
}

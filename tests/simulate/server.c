/* SPDX-License-Identifier: MIT */
/*
 * Receives commands and message content, and decides on the replies. What goes
 * wrong with a reply on its way is chosen in deviation.c.
 */
#include "server.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "deviation.h"

enum {
	LINE_MAX = 1 << 20,
	CONTENT_MAX = 4 << 20,
	GRUDGES = 30 /* of a thousand commands, refused as servers do */
};

static const char *receive(struct server *server, const char *at,
    const char *end);
static const char *receive_line(struct server *server, const char *at,
    const char *end);
static const char *receive_chunk(struct server *server, const char *at,
    const char *end);
static void handle_line(struct server *server);
static void handle_command(struct server *server, const char *line);
static void handle_ehlo(struct server *server);
static void handle_auth(struct server *server, const char *line);
static void handle_response(struct server *server);
static void handle_mail(struct server *server, const char *line);
static void handle_rcpt(struct server *server, const char *line);
static void handle_bdat(struct server *server, const char *line);
static void handle_content_line(struct server *server);
static void end_message(struct server *server);
static void check_content(struct server *server);
static int judge(struct server *server, int good, const char *text);
static bool starts_with(const char *line, const char *word);

void
server_init(struct server *server, struct seed *seed, uint32_t deviations,
    const char *expected, size_t expected_len)
{
	*server = (struct server){.seed = seed,
	    .deviations = deviations,
	    .expected = expected,
	    .expected_len = expected_len};
	buf_init(&server->line, LINE_MAX);
	buf_init(&server->last, LINE_MAX);
	buf_init(&server->content, CONTENT_MAX);
}

void
server_done(struct server *server)
{
	buf_done(&server->line);
	buf_done(&server->last);
	buf_done(&server->content);
}

void
server_on_connect(void *context, bool tls)
{
	struct server *server = context;

	server->state = SERVER_COMMAND;
	server->is_tls = tls;
	server->replies = 0;
	server->has_sender = false;
	memset(server->takes_recipient, 0, sizeof server->takes_recipient);
	buf_clear(&server->line);
	buf_clear(&server->last);
	buf_clear(&server->content);
	if (!server->is_implicit)
		deviation_reply(server, 220, "mx.example.test ESMTP");
}

void
server_on_handshake(void *context)
{
	struct server *server = context;

	server->is_tls = true;
	buf_clear(&server->line);
	if (server->is_implicit)
		deviation_reply(server, 220, "mx.example.test ESMTP");
}

void
server_on_bytes(void *context, const char *bytes, size_t len)
{
	const char *end = bytes + len;

	while (bytes < end)
		bytes = receive(context, bytes, end);
}

static const char *
receive(struct server *server, const char *at, const char *end)
{
	return server->state == SERVER_CHUNK ? receive_chunk(server, at, end)
					     : receive_line(server, at, end);
}

static const char *
receive_line(struct server *server, const char *at, const char *end)
{
	const char *lf = memchr(at, '\n', (size_t)(end - at));
	const char *stop = lf != NULL ? lf + 1 : end;
	struct error ignored;

	if (buf_add(&server->line, at, (size_t)(stop - at), &ignored) == -1) {
		server->on_violation(server->context, "sent an endless line");
		buf_clear(&server->line);
	} else if (lf != NULL) {
		handle_line(server);
		buf_clear(&server->line);
	}
	return stop;
}

static const char *
receive_chunk(struct server *server, const char *at, const char *end)
{
	size_t len = (size_t)(end - at);
	struct error ignored;

	if (len > server->chunk_left)
		len = server->chunk_left;
	if (buf_add(&server->content, at, len, &ignored) == -1)
		server->on_violation(server->context, "sent too much");
	server->chunk_left -= len;
	if (server->chunk_left > 0)
		return at + len;
	server->state = SERVER_COMMAND;
	if (server->chunk_is_last)
		end_message(server);
	else
		judge(server, 250, "2.0.0 chunk received");
	return at + len;
}

static void
handle_line(struct server *server)
{
	size_t len = server->line.len;
	struct error ignored;

	if (server->state == SERVER_DATA) {
		handle_content_line(server);
		return;
	}
	if (len < 2 || memcmp(server->line.data + len - 2, "\r\n", 2) != 0 ||
	    memchr(server->line.data, '\r', len) !=
		server->line.data + len - 2) {
		server->on_violation(server->context,
		    "sent a command that CRLF does not end");
		return;
	}
	server->line.len = len - 2;
	server->line.data[len - 2] = '\0';
	buf_clear(&server->last);
	(void)buf_add(&server->last, server->line.data, len - 2, &ignored);
	if (server->state == SERVER_AUTH)
		handle_response(server);
	else
		handle_command(server, server->line.data);
}

static void
handle_command(struct server *server, const char *line)
{
	if (starts_with(line, "EHLO"))
		handle_ehlo(server);
	else if (starts_with(line, "STARTTLS"))
		judge(server, 220, "2.0.0 ready for TLS");
	else if (starts_with(line, "AUTH"))
		handle_auth(server, line);
	else if (starts_with(line, "MAIL"))
		handle_mail(server, line);
	else if (starts_with(line, "RCPT"))
		handle_rcpt(server, line);
	else if (starts_with(line, "BDAT"))
		handle_bdat(server, line);
	else if (starts_with(line, "RSET"))
		judge(server, 250, "2.0.0 Ok");
	else if (starts_with(line, "QUIT"))
		deviation_reply(server, 221, "2.0.0 Bye");
	else if (!starts_with(line, "DATA"))
		deviation_reply(server, 500, "5.5.1 unknown command");
	else if (judge(server, 354, "end with .") / 100 == 3)
		server->state = SERVER_DATA;
}

static void
handle_ehlo(struct server *server)
{
	static const char *const mechanisms[] =
	    {"PLAIN LOGIN SCRAM-SHA-256 XOAUTH2 OAUTHBEARER", "PLAIN LOGIN",
		"LOGIN XOAUTH2", "OAUTHBEARER PLAIN",
		"CRAM-MD5 PLAIN LOGIN XOAUTH2"};
	char text[1000];
	bool is_full = !seed_chance(server->seed, 200);
	bool is_small = seed_chance(server->seed, 20);
	size_t len = (size_t)snprintf(text, sizeof text, "mx.example.test");

	server->has_deviated |= !is_full || is_small;
	if (!server->is_tls)
		len += (size_t)snprintf(text + len, sizeof text - len,
		    "\nSTARTTLS");
	else
		len +=
		    (size_t)snprintf(text + len, sizeof text - len, "\nAUTH %s",
			mechanisms[is_full ? 0 : seed_below(server->seed, 5)]);
	if (is_full || seed_chance(server->seed, 500))
		len += (size_t)snprintf(text + len, sizeof text - len,
		    "\nPIPELINING");
	if (!seed_chance(server->seed, 300))
		len += (size_t)snprintf(text + len, sizeof text - len,
		    "\nCHUNKING");
	if (seed_chance(server->seed, 500))
		snprintf(text + len, sizeof text - len,
		    "\nSIZE %u\n8BITMIME\nDSN", is_small ? 10 : 100000000);
	deviation_reply(server, 250, text);
}

static void
handle_auth(struct server *server, const char *line)
{
	char mechanism[32] = "";
	char initial[8] = "";
	int words = sscanf(line, "AUTH %31s %7s", mechanism, initial);

	if (!server->is_tls)
		server->on_violation(server->context, "sent AUTH without TLS");
	server->auth_steps = 0;
	if (strcasecmp(mechanism, "LOGIN") == 0)
		server->auth_steps = 2;
	if (words < 2)
		server->auth_steps += strcasecmp(mechanism, "LOGIN") != 0;
	else if (server->auth_steps > 0)
		server->auth_steps--;
	if (strncasecmp(mechanism, "SCRAM", 5) == 0 ||
	    strcasecmp(mechanism, "CRAM-MD5") == 0)
		server->auth_steps = 1;
	handle_response(server);
}

static void
handle_response(struct server *server)
{
	static const char *const challenges[] = {"", "VXNlcm5hbWU6",
	    "UGFzc3dvcmQ6", "eyJzdGF0dXMiOiI0MDEiLCJzY2hlbWVzIjoiYmVhcmVyIn0=",
	    "PDE4OTYuNjk3MTcwOTUyQG14LmV4YW1wbGUudGVzdD4="};

	server->state = SERVER_COMMAND;
	if (server->auth_steps > 0) {
		server->auth_steps--;
		if (deviation_reply(server, 334,
			challenges[server->auth_steps < 2
				? 2 - server->auth_steps
				: seed_below(server->seed, 5)]) == 334)
			server->state = SERVER_AUTH;
		return;
	}
	if (seed_chance(server->seed, GRUDGES) && server->deviations > 0) {
		server->has_deviated = true;
		if (deviation_reply(server, 334,
			challenges[seed_below(server->seed, 5)]) == 334)
			server->state = SERVER_AUTH;
		return;
	}
	if (judge(server, 235, "2.7.0 signed in") == 334)
		server->state = SERVER_AUTH;
}

static void
handle_mail(struct server *server, const char *line)
{
	(void)line;
	memset(server->takes_recipient, 0, sizeof server->takes_recipient);
	buf_clear(&server->content);
	server->has_sender = judge(server, 250, "2.1.0 Ok") / 100 == 2;
}

static void
handle_rcpt(struct server *server, const char *line)
{
	unsigned number = SERVER_RECIPIENTS_MAX;
	int code = judge(server, 250, "2.1.5 Ok");

	if (sscanf(line, "RCPT TO:<r%u@", &number) == 1 &&
	    number < SERVER_RECIPIENTS_MAX)
		server->takes_recipient[number] = code / 100 == 2;
	else
		server->on_violation(server->context, "sent a wrong RCPT");
}

static void
handle_bdat(struct server *server, const char *line)
{
	char last[8] = "";
	unsigned long size = 0;
	int words = sscanf(line, "BDAT %lu %7s", &size, last);

	if (words < 1) {
		server->on_violation(server->context, "sent a wrong BDAT");
		return;
	}
	server->chunk_left = size;
	server->chunk_is_last = words == 2;
	server->state = SERVER_CHUNK;
	if (size > 0)
		return;
	server->state = SERVER_COMMAND;
	if (server->chunk_is_last)
		end_message(server);
	else
		judge(server, 250, "2.0.0 chunk received");
}

static void
handle_content_line(struct server *server)
{
	const char *line = server->line.data;
	size_t len = server->line.len;
	struct error ignored;

	if (len == 3 && memcmp(line, ".\r\n", 3) == 0) {
		server->state = SERVER_COMMAND;
		end_message(server);
		return;
	}
	if (len < 2 || line[len - 2] != '\r')
		server->on_violation(server->context, "sent a bare LF");
	if (line[0] == '.') {
		line++;
		len--;
	}
	if (buf_add(&server->content, line, len, &ignored) == -1)
		server->on_violation(server->context, "sent too much");
}

/* The whole message was received. */
static void
end_message(struct server *server)
{
	int code;
	bool any = false;

	for (int i = 0; i < SERVER_RECIPIENTS_MAX; i++)
		any |= server->takes_recipient[i];
	if (!server->has_sender || !any) {
		deviation_reply(server, 554, "5.5.1 no valid recipients");
		return;
	}
	check_content(server);
	code = judge(server, 250, "2.0.0 Ok: queued as 4BCDF");
	for (int i = 0; i < SERVER_RECIPIENTS_MAX; i++) {
		if (!server->takes_recipient[i] || code >= 300)
			continue;
		server->record[i].deliveries++;
		server->record[i].was_accepted |= code != 0;
	}
	server->has_sender = false;
}

static void
check_content(struct server *server)
{
	if (server->content.len != server->expected_len ||
	    memcmp(server->content.data, server->expected,
		server->expected_len) != 0)
		server->on_violation(server->context,
		    "sent a message that differs from the original");
}

/* Replies with the good code, or refuses for a reason of its own. */
static int
judge(struct server *server, int good, const char *text)
{
	static const int codes[] = {421, 450, 451, 452, 501, 530, 550, 554};
	int code = good;

	if (server->deviations > 0 && seed_chance(server->seed, GRUDGES)) {
		server->has_deviated = true;
		code = codes[seed_below(server->seed, 8)];
		text = "4.7.0 not now";
	}
	return deviation_reply(server, code, text);
}

static bool
starts_with(const char *line, const char *word)
{
	return strncasecmp(line, word, strlen(word)) == 0;
}

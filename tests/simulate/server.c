/* SPDX-License-Identifier: MIT */
/*
 * Hears commands and replies to them. server-auth.c signs the client in;
 * server-message.c takes the message.
 */
#include "server.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"

#include "verdict.h"

static void on_connect(void *context);
static void on_handshake(void *context);
static void on_bytes(void *context, const char *bytes, size_t len);
static void on_received(void *context, unsigned mark, int64_t arrived_us);
static void on_close(void *context);
static size_t hear_line(struct server *server, const char *bytes, size_t len);
static void hear_command(struct server *server, const char *line);
static void end_message(struct server *server);

typedef void command_function(struct server *server, const char *arguments);

static command_function hear_ehlo, hear_starttls, hear_mail, hear_rcpt,
    hear_data, hear_bdat, hear_rset, hear_quit;

static const struct {
	const char *verb;
	command_function *hear;
} commands[] = {
    {"EHLO ", hear_ehlo},
    {"STARTTLS", hear_starttls},
    {"AUTH ", server_hear_auth},
    {"MAIL FROM:", hear_mail},
    {"RCPT TO:", hear_rcpt},
    {"DATA", hear_data},
    {"BDAT ", hear_bdat},
    {"RSET", hear_rset},
    {"QUIT", hear_quit},
};

void
server_init(struct server *server, struct seed *seed, uint32_t deviations,
    const struct server_account *account, size_t recipient_count)
{
	server->seed = seed;
	server->deviations = deviations;
	server->account = account;
	server->line[0] = '\0';
	server->is_signed_in = server->has_sasl = false;
	truth_init(&server->truth, recipient_count);
}

struct network_peer
server_peer(struct server *server)
{
	return (struct network_peer){.on_connect = on_connect,
	    .on_handshake = on_handshake,
	    .on_bytes = on_bytes,
	    .on_received = on_received,
	    .on_close = on_close,
	    .context = server};
}

int
server_say(struct server *server, enum truth_mark mark, int code,
    const char *text)
{
	char reply[SERVER_REPLY_MAX];
	bool is_long = strchr(text, '\n') != NULL;
	size_t len = 0;
	const char *line = text;

	if (server->is_gone)
		return 0;
	/* One line for each of the text; sometimes one more. */
	if (!is_long && code != 334 && seed_chance(server->seed, 100))
		len += (size_t)snprintf(reply, sizeof reply,
		    "%d-one of two\r\n", code);
	for (; line != NULL && len < sizeof reply / 2;) {
		const char *end = strchr(line, '\n');

		len += (size_t)snprintf(reply + len, sizeof reply - len,
		    "%d%c%.*s\r\n", code, end != NULL ? '-' : ' ',
		    end != NULL ? (int)(end - line) : 30000, line);
		line = end != NULL ? end + 1 : NULL;
	}
	if (seed_chance(server->seed, server->deviations))
		return server_say_deviating(server, mark, code, reply, len);
	verdict_bytes("server", reply, len);
	network_reply(reply, len, seed_below(server->seed, 50000),
	    (unsigned)code << 8 | (unsigned)mark);
	return code;
}

int
server_say_or_refuse(struct server *server, enum truth_mark mark, int code,
    const char *text)
{
	static const struct {
		int code;
		const char *text;
	} refusals[] = {
	    {451, "4.3.0 try again later"},
	    {452, "4.5.3 too many recipients"},
	    {421, "4.3.2 closing"},
	    {550, "5.1.1 no such user"},
	    {552, "5.3.4 too big"},
	    {554, "5.7.1 refused"},
	    {450, "greylisted"},
	    {550, "no"},
	};
	uint32_t i =
	    seed_below(server->seed, sizeof refusals / sizeof *refusals);

	if (seed_chance(server->seed, 30 + server->deviations / 2))
		return server_say(server, mark, refusals[i].code,
		    refusals[i].text);
	return server_say(server, mark, code, text);
}

static void
on_connect(void *context)
{
	struct server *server = context;

	server->state = SERVER_COMMAND;
	server->is_tls = server->is_gone = server->is_signed_in = false;
	server->has_mail = false;
	server->line_len = 0;
	server->expects_handshake = server->account->implicit_tls;
	truth_connect(&server->truth);
	if (!server->expects_handshake)
		server_say_or_refuse(server, TRUTH_MARK_OTHER, 220,
		    "mail.example.test ESMTP");
}

static void
on_handshake(void *context)
{
	struct server *server = context;

	server->is_tls = true;
	server->expects_handshake = false;
	if (server->account->implicit_tls)
		server_say_or_refuse(server, TRUTH_MARK_OTHER, 220,
		    "mail.example.test ESMTP");
}

static void
on_bytes(void *context, const char *bytes, size_t len)
{
	struct server *server = context;

	while (len > 0) {
		bool is_end = false;
		size_t taken;

		if (server->state == SERVER_DATA)
			taken = server_take_data(server, bytes, len, &is_end);
		else if (server->state == SERVER_CHUNK)
			taken = server_take_chunk(server, bytes, len);
		else
			taken = hear_line(server, bytes, len);
		if (is_end ||
		    (server->state == SERVER_CHUNK && server->chunk_left == 0))
			end_message(server);
		bytes += taken;
		len -= taken;
	}
}

static void
on_received(void *context, unsigned mark, int64_t arrived_us)
{
	struct server *server = context;

	truth_reply(&server->truth, (enum truth_mark)(mark & 0xff),
	    (int)(mark >> 8), arrived_us);
}

static void
on_close(void *context)
{
	struct server *server = context;

	server->is_gone = true;
	server_sasl_end(server);
}

static size_t
hear_line(struct server *server, const char *bytes, size_t len)
{
	const char *end = memchr(bytes, '\n', len);
	size_t taken = end != NULL ? (size_t)(end - bytes) + 1 : len;

	if (server->line_len + taken >= sizeof server->line)
		verdict_violation("a command of more than %zu bytes",
		    server->line_len + taken);
	memcpy(server->line + server->line_len, bytes, taken);
	server->line_len += taken;
	if (end == NULL)
		return taken;
	verdict_bytes("client", server->line, server->line_len);
	if (server->line_len < 2 || server->line[server->line_len - 2] != '\r')
		verdict_violation("a command ends without CR");
	server->line[server->line_len - 2] = '\0';
	server->line_len = 0;
	if (server->state == SERVER_AUTH)
		server_hear_response(server, server->line);
	else
		hear_command(server, server->line);
	return taken;
}

static void
hear_command(struct server *server, const char *line)
{
	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
		if (!text_has_prefix(line, commands[i].verb))
			continue;
		commands[i].hear(server, line + strlen(commands[i].verb));
		return;
	}
	server_say(server, TRUTH_MARK_OTHER, 500, "5.5.1 unknown command");
}

static void
hear_ehlo(struct server *server, const char *arguments)
{
	static const char *const words[] = {"PIPELINING", "CHUNKING",
	    "8BITMIME", "SMTPUTF8", "DSN", "ENHANCEDSTATUSCODES", "SIZE",
	    "SIZE 1000000", "SIZE 100", "AUTH=LOGIN", "X-NOTHING", ""};
	char text[2048];
	struct seed *seed = server->seed;
	size_t len = (size_t)snprintf(text, sizeof text, "mail.example.test");

	(void)arguments;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		if (seed_chance(seed, i < 6 ? 600 : 30))
			len += (size_t)snprintf(text + len, sizeof text - len,
			    "\n%s", words[i]);
	}
	if (!server->is_tls && !seed_chance(seed, server->deviations / 2))
		len += (size_t)snprintf(text + len, sizeof text - len,
		    "\nSTARTTLS");
	if (!seed_chance(seed, server->deviations / 2))
		snprintf(text + len, sizeof text - len, "\nAUTH%s",
		    seed_chance(seed, 800) ? server->account->mechanisms
					   : " PLAIN LOGIN CRAM-MD5");
	server->has_mail = false;
	server_say_or_refuse(server, TRUTH_MARK_OTHER, 250, text);
}

static void
hear_starttls(struct server *server, const char *arguments)
{
	(void)arguments;
	if (server_say_or_refuse(server, TRUTH_MARK_OTHER, 220, "go ahead") ==
	    220)
		server->expects_handshake = true;
}

static void
hear_mail(struct server *server, const char *arguments)
{
	(void)arguments;
	if (server->account->needs_tls && !server->is_tls)
		verdict_violation("MAIL in the clear");
	if (server->account->needs_sign_in && !server->is_signed_in &&
	    !server->truth.is_lying)
		verdict_violation("MAIL without a sign-in");
	if (server->has_mail && !server->truth.is_lying)
		verdict_violation("MAIL within a transaction");
	truth_mail(&server->truth);
	server->recipient_count = server->message_len = 0;
	server->is_changed = false;
	server->at_line_start = true;
	server->after_dot = server->after_cr = false;
	server->has_mail =
	    server_say_or_refuse(server, TRUTH_MARK_ENVELOPE, 250, "2.1.0 ok") /
		100 ==
	    2;
}

static void
hear_rcpt(struct server *server, const char *arguments)
{
	char address[256];
	bool is_named;

	if (sscanf(arguments, "<%255[^>]>", address) != 1)
		verdict_violation("RCPT without an address");
	if (!server->has_mail) {
		server_say(server, TRUTH_MARK_OTHER, 503, "5.5.1 MAIL first");
		truth_recipient(&server->truth, address, false);
		return;
	}
	is_named =
	    server_say_or_refuse(server, TRUTH_MARK_OTHER, 250, "2.1.5 ok") /
		100 ==
	    2;
	truth_recipient(&server->truth, address, is_named);
	server->recipient_count += is_named;
}

static void
hear_data(struct server *server, const char *arguments)
{
	(void)arguments;
	truth_content(&server->truth);
	if (server->recipient_count == 0) {
		server_say(server, TRUTH_MARK_ENVELOPE, 503,
		    "5.5.1 RCPT first");
		return;
	}
	if (server_say_or_refuse(server, TRUTH_MARK_ENVELOPE, 354, "go on") !=
	    354)
		return;
	server->state = SERVER_DATA;
	server->early_at = seed_chance(server->seed, server->deviations / 2)
	    ? 1 + seed_below(server->seed, (uint32_t)server->account->wire_len)
	    : 0;
}

static void
hear_bdat(struct server *server, const char *arguments)
{
	char *end;

	truth_content(&server->truth);
	server->chunk_left = strtoul(arguments, &end, 10);
	server->chunk_is_last = strcmp(end, " LAST") == 0;
	server->state = SERVER_CHUNK;
	if (server->chunk_left == 0)
		end_message(server);
}

static void
hear_rset(struct server *server, const char *arguments)
{
	(void)arguments;
	server->has_mail = false;
	truth_reset(&server->truth);
	server_say(server, TRUTH_MARK_OTHER, 250, "2.0.0 ok");
}

static void
hear_quit(struct server *server, const char *arguments)
{
	(void)arguments;
	server_say(server, TRUTH_MARK_OTHER, 221, "2.0.0 bye");
	network_add(NETWORK_END, 0);
	server->is_gone = true;
}

/* The end of the message or of a chunk. What the reply leaves open, the server
 * decides: it may store the message and lose the reply. */
static void
end_message(struct server *server)
{
	bool is_whole = server->state == SERVER_DATA || server->chunk_is_last;
	enum truth_mark mark =
	    is_whole ? TRUTH_MARK_MESSAGE : TRUTH_MARK_ENVELOPE;
	bool stores = is_whole && !server->is_gone && !server->truth.is_refused;
	int code;

	server->state = SERVER_COMMAND;
	server->has_mail &= !is_whole;
	if (is_whole)
		truth_message(&server->truth, network_sent_us());
	if (server->recipient_count == 0 || server->truth.is_refused) {
		server_say(server, mark, 503, "5.5.1 nothing expected");
		server->truth.is_refused = true;
		return;
	}
	code = server_say_or_refuse(server, mark, 250, "2.0.0 stored");
	if (is_whole ? code >= 400 : code / 100 != 2)
		server->truth.is_refused = true;
	if (code / 100 != 2)
		stores &= code < 400 && seed_chance(server->seed, 500);
	/* RFC 2920 section 3.1: a client that takes all recipients for refused
	   sends a dot alone; here it may be misled. */
	if (!stores ||
	    (server->truth.is_lying && server->message_len == 0 &&
		!server->truth.was_mail_refused))
		return;
	verdict_note("server", "stores the message");
	if (server->is_changed ||
	    server->message_len != server->account->wire_len)
		verdict_violation("the message was changed: %zu bytes of %zu",
		    server->message_len, server->account->wire_len);
	truth_store(&server->truth);
}

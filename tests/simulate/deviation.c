/* SPDX-License-Identifier: MIT */
/*
 * The ways in which a reply goes wrong. Each returns the code that a client
 * understands once it has received all of it; 0: none.
 */
#include "server.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gsasl.h>

#include "verdict.h"

/* A reply that is about to be sent. */
struct reply {
	struct server *server;
	enum truth_mark mark;
	int code;
	const char *text;
	size_t len;
};

typedef int deviation_function(const struct reply *reply);

static deviation_function late, in_fragments, another_code, echoed, decoded,
    lost, cut_before, cut_after, cut_within, reset, garbage, mixed_codes,
    with_nul, twice, with_unasked, with_unfinished, long_line, many_lines,
    flooded, without_cr, after_nothing, unread, truncated;

static deviation_function *const deviations[] = {late, in_fragments,
    another_code, echoed, decoded, lost, cut_before, cut_after, cut_within,
    reset, garbage, mixed_codes, with_nul, twice, with_unasked, with_unfinished,
    long_line, many_lines, flooded, without_cr, after_nothing, unread,
    truncated};

static int send_reply(const struct reply *reply, const char *bytes, size_t len,
    int64_t delay_us, int code);
static int64_t long_delay_us(const struct reply *reply);
static int send_quoting(const struct reply *reply, const char *what,
    size_t len);
static int refusal(const struct reply *reply);

int
server_say_deviating(struct server *server, enum truth_mark mark, int code,
    const char *text, size_t len)
{
	const struct reply reply = {.server = server,
	    .mark = mark,
	    .code = code,
	    .text = text,
	    .len = len};

	return deviations[seed_below(server->seed,
	    sizeof deviations / sizeof *deviations)](&reply);
}

static int
send_reply(const struct reply *reply, const char *bytes, size_t len,
    int64_t delay_us, int code)
{
	verdict_bytes("server", bytes, len);
	network_reply(bytes, len, delay_us,
	    (unsigned)code << 8 | (unsigned)reply->mark);
	return code;
}

static int
late(const struct reply *reply)
{
	return send_reply(reply, reply->text, reply->len, long_delay_us(reply),
	    reply->code);
}

static int64_t
long_delay_us(const struct reply *reply)
{
	static const int64_t seconds[] = {1, 5, 30, 120, 900, 3600};

	return 1000 *
	    (int64_t)seed_below(reply->server->seed,
		(uint32_t)(1000 * seconds[seed_below(reply->server->seed, 6)]));
}

static int
in_fragments(const struct reply *reply)
{
	int64_t delay_us = long_delay_us(reply) / 10;
	size_t size = 1 + seed_below(reply->server->seed, 8);

	verdict_note("server", "in pieces of %zu, each after %lld ms:", size,
	    (long long)delay_us / 1000);
	for (size_t at = 0, pieces = 1; at < reply->len; at += size, pieces++) {
		bool is_last = at + size >= reply->len;

		send_reply(reply, reply->text + at,
		    is_last ? reply->len - at : size,
		    delay_us * (int64_t)pieces, is_last ? reply->code : 0);
	}
	return reply->code;
}

static int
refusal(const struct reply *reply)
{
	static const int codes[] = {500, 535, 421, 451, 550, 554, 501, 450};

	return codes[seed_below(reply->server->seed, 8)];
}

static int
another_code(const struct reply *reply)
{
	static const int codes[] = {200, 220, 235, 250, 251, 334, 354, 399, 421,
	    451, 500, 535, 554, 599};
	int code = codes[seed_below(reply->server->seed,
	    sizeof codes / sizeof *codes)];
	char text[64];

	return send_reply(reply, text,
	    (size_t)snprintf(text, sizeof text, "%d surprise\r\n", code), 0,
	    code);
}

static int
echoed(const struct reply *reply)
{
	return send_quoting(reply, reply->server->line,
	    strlen(reply->server->line));
}

/* Quotes what it has decoded of the line. */
static int
decoded(const struct reply *reply)
{
	const char *word = strrchr(reply->server->line, ' ');
	char *bytes = NULL;
	size_t len = 0;
	int code;

	word = word != NULL ? word + 1 : reply->server->line;
	if (gsasl_base64_from(word, strlen(word), &bytes, &len) != GSASL_OK ||
	    len == 0) {
		gsasl_free(bytes);
		return echoed(reply);
	}
	for (size_t i = 0; i < len; i++) {
		if ((unsigned char)bytes[i] < ' ')
			bytes[i] = ' ';
	}
	code = send_quoting(reply, bytes, len);
	gsasl_free(bytes);
	return code;
}

/* In one line or two. */
static int
send_quoting(const struct reply *reply, const char *what, size_t len)
{
	struct seed *seed = reply->server->seed;
	int code = seed_chance(seed, 200) ? reply->code : refusal(reply);
	size_t cut =
	    seed_chance(seed, 300) ? seed_below(seed, (uint32_t)len + 1) : 0;
	char text[SERVER_REPLY_MAX];
	size_t used = 0;

	if (len > 15000)
		return garbage(reply);
	if (len > 0 && seed_chance(seed, 300)) { /* a part of it */
		size_t skip = seed_below(seed, (uint32_t)len);

		what += skip;
		len = 1 + seed_below(seed, (uint32_t)(len - skip));
		cut = 0;
	}
	if (cut > 0)
		used = (size_t)snprintf(text, sizeof text,
		    "%d-unrecognized: %.*s\r\n", code, (int)cut, what);
	used +=
	    (size_t)snprintf(text + used, sizeof text - used, "%d %s%.*s'\r\n",
		code, seed_chance(seed, 500) ? "5.5.1 not understood: '" : "'",
		(int)(len - cut), what + cut);
	return send_reply(reply, text, used, 0, code);
}

static int
lost(const struct reply *reply)
{
	verdict_note("server", "says nothing any more");
	reply->server->is_gone = true;
	return 0;
}

static int
cut_before(const struct reply *reply)
{
	verdict_note("server", "closes");
	network_add(NETWORK_END, 0);
	reply->server->is_gone = true;
	return 0;
}

static int
cut_after(const struct reply *reply)
{
	send_reply(reply, reply->text, reply->len, 0, reply->code);
	cut_before(reply);
	return reply->code;
}

static int
cut_within(const struct reply *reply)
{
	send_reply(reply, reply->text,
	    seed_below(reply->server->seed, (uint32_t)reply->len), 0, 0);
	return cut_before(reply);
}

static int
reset(const struct reply *reply)
{
	bool is_said = seed_chance(reply->server->seed, 500);

	if (is_said)
		send_reply(reply, reply->text, reply->len, 0, reply->code);
	verdict_note("server", "resets the connection");
	network_add(NETWORK_RESET, 0);
	reply->server->is_gone = true;
	return is_said ? reply->code : 0;
}

static int
garbage(const struct reply *reply)
{
	static const char *const lines[] = {"hello\r\n", "\r\n", "25\r\n",
	    "999 what\r\n", "100 what\r\n", "250_ok\r\n", "HTTP/1.1 400\r\n",
	    " 250 ok\r\n", "\x16\x03\x01\r\n", "2\xc3\xa9\x35 ok\r\n"};
	const char *line = lines[seed_below(reply->server->seed,
	    sizeof lines / sizeof *lines)];

	return send_reply(reply, line, strlen(line), 0, 0);
}

static int
mixed_codes(const struct reply *reply)
{
	char text[64];

	return send_reply(reply, text,
	    (size_t)snprintf(text, sizeof text, "%d-one\r\n%d two\r\n",
		reply->code, reply->code == 250 ? 550 : 250),
	    0, 0);
}

static int
with_nul(const struct reply *reply)
{
	char text[] = "250 o\0k\r\n";

	return send_reply(reply, text, sizeof text - 1, 0, 0);
}

static int
twice(const struct reply *reply)
{
	truth_lie(&reply->server->truth);
	send_reply(reply, reply->text, reply->len, 0, reply->code);
	return send_reply(reply, reply->text, reply->len,
	    seed_chance(reply->server->seed, 500) ? 0 : 1000000, reply->code);
}

static int
with_unasked(const struct reply *reply)
{
	static const char *const texts[] = {"250 ok\r\n", "421 bye\r\n",
	    "550 no\r\n", "220 hello\r\n"};
	static const int codes[] = {250, 421, 550, 220};
	uint32_t i = seed_below(reply->server->seed, 4);

	truth_lie(&reply->server->truth);
	send_reply(reply, texts[i], strlen(texts[i]), 0, codes[i]);
	return send_reply(reply, reply->text, reply->len, 0, reply->code);
}

/* A line that does not end, and the last of the reply: one line in all. */
static int
with_unfinished(const struct reply *reply)
{
	static const char unfinished[] = "250 and mo";
	const char *last = reply->text + reply->len - 1;

	while (last > reply->text && last[-1] != '\n')
		last--;
	truth_lie(&reply->server->truth);
	send_reply(reply, unfinished, sizeof unfinished - 1, 0, 0);
	return send_reply(reply, last,
	    (size_t)(reply->text + reply->len - last), 0, 250);
}

static int
long_line(const struct reply *reply)
{
	static char text[40000];
	bool is_too_long = seed_chance(reply->server->seed, 500);
	size_t len = is_too_long ? sizeof text : 16000;

	memset(text, 'x', len);
	memcpy(text, "250 ", 4);
	memcpy(text, reply->text, 3);
	memcpy(text + len - 2, "\r\n", 2);
	return send_reply(reply, text, len, 0,
	    is_too_long && reply->code < 400 ? 0 : reply->code);
}

static int
many_lines(const struct reply *reply)
{
	bool is_too_long = seed_chance(reply->server->seed, 500);
	int count = is_too_long ? 300 : 200;
	static char text[300 * 320];
	size_t len = 0;

	for (int i = 1; i <= count; i++)
		len += (size_t)snprintf(text + len, sizeof text - len,
		    "%d%c%0*d\r\n", reply->code, i == count ? ' ' : '-', 300,
		    i);
	return send_reply(reply, text, len, 0,
	    is_too_long && reply->code < 400 ? 0 : reply->code);
}

static int
flooded(const struct reply *reply)
{
	static const enum network_flood floods[] = {NETWORK_FLOOD_NOTHING,
	    NETWORK_FLOOD_LINES, NETWORK_FLOOD_LINE};
	uint32_t i = seed_below(reply->server->seed, 3);

	verdict_note("server", "sends %s for ever",
	    i == 0 ? "records without data" : "bytes");
	network_set_flood(floods[i]);
	if (seed_chance(reply->server->seed, 300))
		network_stop_reading(0, INT64_MAX / 8);
	reply->server->is_gone = true;
	return 0;
}

static int
without_cr(const struct reply *reply)
{
	char text[64];

	return send_reply(reply, text,
	    (size_t)snprintf(text, sizeof text, "%d ok\n", reply->code), 0,
	    reply->code);
}

static int
after_nothing(const struct reply *reply)
{
	uint32_t count = 1 + seed_below(reply->server->seed, 100);
	int64_t delay_us = long_delay_us(reply) / 20;

	for (uint32_t i = 1; i <= count; i++)
		network_add(NETWORK_NOTHING, delay_us * i);
	verdict_note("server", "%u records without data, each after %lld ms",
	    count, (long long)delay_us / 1000);
	return send_reply(reply, reply->text, reply->len, 0, reply->code);
}

/* Replies, and then does not read for a while, or never again. */
static int
unread(const struct reply *reply)
{
	struct seed *seed = reply->server->seed;
	int64_t until_us = seed_chance(seed, 500)
	    ? INT64_MAX / 8
	    : network_now_us() + long_delay_us(reply);

	verdict_note("server", "stops reading");
	network_stop_reading(seed_below(seed,
				 seed_chance(seed, 500) ? 200 : 200000),
	    until_us);
	return send_reply(reply, reply->text, reply->len, 0, reply->code);
}

static int
truncated(const struct reply *reply)
{
	send_reply(reply, reply->text,
	    seed_below(reply->server->seed, (uint32_t)reply->len), 0, 0);
	return lost(reply);
}

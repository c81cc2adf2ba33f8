/* SPDX-License-Identifier: MIT */
/*
 * All the ways in which a reply can go wrong. Each is a row of a table; a
 * seed chooses one.
 */
#include "deviation.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gnutls/gnutls.h>

enum {
	DELAY_MAX_MS = 4000, /* a little more than the timeout of an account */
	LONG_DELAY_MAX_MS = 60000,
	QUOTE_MAX = 2000,
	REPLY_SIZE = 4096
};

typedef int deviation_function(struct server *server, int code,
    const char *text);

static deviation_function send_other_code, send_many_lines, send_garbage,
    send_late, send_fragments, send_nothing, send_cut, send_part_and_cut,
    send_twice, send_flood, send_quote, send_quoted_secret, stop_reading,
    send_bare_lf, send_early;

static deviation_function *const deviations[] = {
    send_other_code,
    send_other_code,
    send_other_code,
    send_many_lines,
    send_garbage,
    send_late,
    send_late,
    send_fragments,
    send_fragments,
    send_nothing,
    send_cut,
    send_part_and_cut,
    send_twice,
    send_flood,
    send_quote,
    send_quoted_secret,
    stop_reading,
    stop_reading,
    send_bare_lf,
    send_early,
};

static int send_plain(struct server *server, int code, const char *text);
static size_t format_reply(char out[REPLY_SIZE], int code, const char *text);
static int refusal(struct server *server);
static size_t decode_last(const struct server *server, char *out, size_t size);

int
deviation_reply(struct server *server, int code, const char *text)
{
	static const size_t count = sizeof deviations / sizeof deviations[0];

	server->replies++;
	if (!seed_chance(server->seed, server->deviations))
		return send_plain(server, code, text);
	server->has_deviated = true;
	return deviations[seed_below(server->seed, (uint32_t)count)](server,
	    code, text);
}

static int
send_plain(struct server *server, int code, const char *text)
{
	char reply[REPLY_SIZE];

	(void)server;
	network_reply(reply, format_reply(reply, code, text), 0);
	return code;
}

/* Each line of the text becomes a line of the reply. */
static size_t
format_reply(char out[REPLY_SIZE], int code, const char *text)
{
	size_t len = 0;
	const char *lf;

	for (; (lf = strchr(text, '\n')) != NULL; text = lf + 1)
		len += (size_t)snprintf(out + len, REPLY_SIZE - len,
		    "%d-%.*s\r\n", code, (int)(lf - text), text);
	return len +
	    (size_t)snprintf(out + len, REPLY_SIZE - len, "%d %s\r\n", code,
		text);
}

static int
send_other_code(struct server *server, int code, const char *text)
{
	static const int codes[] = {250, 251, 220, 354, 334, 235, 421, 450, 451,
	    452, 454, 500, 501, 502, 503, 504, 530, 535, 550, 552, 554, 555};
	int other = codes[seed_below(server->seed,
	    (uint32_t)(sizeof codes / sizeof codes[0]))];

	(void)code;
	return send_plain(server, other, text);
}

static int
send_many_lines(struct server *server, int code, const char *text)
{
	unsigned lines = seed_below(server->seed, 300);
	char line[2100];

	for (unsigned i = 0; i < lines; i++) {
		int len = snprintf(line, sizeof line, "%d-%0*u\r\n", code,
		    1 + (int)seed_below(server->seed, 2000), i);

		network_reply(line, (size_t)len, 0);
	}
	return send_plain(server, code, text);
}

static int
send_garbage(struct server *server, int code, const char *text)
{
	char bytes[600];
	size_t len = 1 + seed_below(server->seed, sizeof bytes - 2);

	(void)code;
	(void)text;
	for (size_t i = 0; i < len; i++) {
		bytes[i] = (char)seed_below(server->seed, 256);
		if (bytes[i] == '\n')
			bytes[i] = '\0';
	}
	bytes[0] = '<'; /* not a digit: no code can be read from it */
	bytes[len] = '\n';
	network_reply(bytes, len + 1, 0);
	return 0;
}

static int
send_late(struct server *server, int code, const char *text)
{
	uint32_t limit =
	    seed_chance(server->seed, 300) ? LONG_DELAY_MAX_MS : DELAY_MAX_MS;

	network_pause(seed_below(server->seed, limit));
	return send_plain(server, code, text);
}

static int
send_fragments(struct server *server, int code, const char *text)
{
	char line[REPLY_SIZE];
	int len = (int)format_reply(line, code, text);
	int64_t pause_ms = seed_below(server->seed, 2500);

	for (int i = 0; i < len; i++)
		network_reply(line + i, 1, pause_ms * (i + 1));
	return code;
}

static int
send_nothing(struct server *server, int code, const char *text)
{
	(void)code;
	(void)text;
	/* The next reply will be taken for this one. */
	server->is_misleading = true;
	return 0;
}

static int
send_cut(struct server *server, int code, const char *text)
{
	(void)code;
	(void)text;
	network_end(seed_chance(server->seed, 500));
	return 0;
}

static int
send_part_and_cut(struct server *server, int code, const char *text)
{
	char line[REPLY_SIZE];
	size_t len = format_reply(line, code, text) - 1; /* without the LF */

	network_reply(line, seed_below(server->seed, (uint32_t)len), 0);
	network_end(seed_chance(server->seed, 500));
	return 0;
}

static int
send_twice(struct server *server, int code, const char *text)
{
	server->is_misleading = true;
	send_plain(server, code, text);
	return send_plain(server, code, text);
}

static int
send_flood(struct server *server, int code, const char *text)
{
	static const enum network_flood floods[] = {NETWORK_FLOOD_BYTES,
	    NETWORK_FLOOD_LINES, NETWORK_FLOOD_EMPTY_RECORDS};

	(void)code;
	(void)text;
	network_set_flood(floods[seed_below(server->seed, 3)]);
	return 0;
}

/* Quotes what the client said last, in whole or in part. */
static int
send_quote(struct server *server, int code, const char *text)
{
	char line[2 * QUOTE_MAX];
	const struct buf *last = &server->last;
	size_t skip = seed_chance(server->seed, 300)
	    ? seed_below(server->seed, (uint32_t)last->len)
	    : 0;
	size_t len =
	    last->len - skip < QUOTE_MAX ? last->len - skip : QUOTE_MAX;
	bool is_lower = seed_chance(server->seed, 200);
	size_t at;

	(void)text;
	if (last->len == 0)
		return send_plain(server, code, text);
	if (seed_chance(server->seed, 300))
		len = seed_below(server->seed, (uint32_t)len);
	code = refusal(server);
	at = (size_t)snprintf(line, sizeof line, "%d 5.5.1 rejected: \"", code);
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)last->data[skip + i];

		line[at++] = (char)(is_lower ? tolower(c) : c);
	}
	at += (size_t)snprintf(line + at, sizeof line - at, "\"\r\n");
	network_reply(line, at, 0);
	return code;
}

/* Quotes what the last command contains when it is decoded. */
static int
send_quoted_secret(struct server *server, int code, const char *text)
{
	char decoded[QUOTE_MAX];
	char line[2 * QUOTE_MAX];
	size_t len = decode_last(server, decoded, sizeof decoded);
	size_t at;

	if (len == 0)
		return send_quote(server, code, text);
	code = refusal(server);
	at = (size_t)snprintf(line, sizeof line, "%d cannot use '", code);
	for (size_t i = 0; i < len; i++)
		line[at++] = decoded[i] == '\0' || decoded[i] == '\n' ||
			decoded[i] == '\r'
		    ? ' '
		    : decoded[i];
	at += (size_t)snprintf(line + at, sizeof line - at, "'\r\n");
	network_reply(line, at, 0);
	return code;
}

static int
stop_reading(struct server *server, int code, const char *text)
{
	bool for_ever = seed_chance(server->seed, 300);
	int64_t time_ms = network_now_ms() +
	    (for_ever ? 100000000 : seed_below(server->seed, DELAY_MAX_MS));

	network_stop_reading(seed_below(server->seed, 70000), time_ms);
	return send_plain(server, code, text);
}

static int
send_bare_lf(struct server *server, int code, const char *text)
{
	char line[REPLY_SIZE];
	size_t len = format_reply(line, code, text);

	(void)server;
	line[len - 2] = '\n';
	network_reply(line, len - 1, 0);
	return code;
}

/* Sends the reply to a command that has not been received. */
static int
send_early(struct server *server, int code, const char *text)
{
	send_plain(server, code, text);
	server->is_misleading = true;
	send_plain(server, 250, "2.0.0 Ok: queued");
	return code;
}

static int
refusal(struct server *server)
{
	static const int codes[] = {421, 454, 500, 501, 504, 535, 550, 554};

	return codes[seed_below(server->seed, 8)];
}

/* Decodes the last word of the last command from base64. */
static size_t
decode_last(const struct server *server, char *out, size_t size)
{
	const char *end = server->last.data + server->last.len;
	const char *start = end;
	gnutls_datum_t encoded;
	gnutls_datum_t decoded;
	size_t len;

	if (server->last.len == 0)
		return 0;
	while (start > server->last.data && start[-1] != ' ')
		start--;
	encoded.data = (unsigned char *)(uintptr_t)start;
	encoded.size = (unsigned)(end - start);
	if (gnutls_base64_decode2(&encoded, &decoded) != 0)
		return 0;
	len = decoded.size < size ? decoded.size : size;
	memcpy(out, decoded.data, len);
	gnutls_free(decoded.data);
	return len;
}

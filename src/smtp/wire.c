/* SPDX-License-Identifier: MIT */
/*
 * The buffers between the session and the socket. Knows lines and deadlines,
 * but not what a command or a reply means.
 */
#include "smtp/wire.h"

#include <assert.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/text.h"
#include "smtp/params.h"
#include "smtp/redacted-response.h"
#include "smtp/stream.h"
#include "smtp/tls.h"

enum {
	OUT_SIZE = 65536,
	IN_SIZE = WIRE_LINE_MAX + 4096
};

struct wire {
	struct stream stream;
	char out[OUT_SIZE];
	size_t out_len;
	unsigned flights;
	bool is_mid_flight; /* a part of it was sent */
	char in[IN_SIZE];
	size_t in_start; /* unread bytes are [in_start, in_end) */
	size_t in_end;
	bool is_cut;  /* the last line was longer than WIRE_LINE_MAX */
	size_t early; /* unread bytes that came before the last flush ended */
	struct error failure; /* of reading: no input will follow */
};

static int wire_add_out(struct wire *wire, const char *bytes, size_t len,
    int64_t deadline_ms, struct error *err);
static int wire_send_all(struct wire *wire, const char *bytes, size_t len,
    int64_t deadline_ms, struct error *err);
static int wire_make_room(struct wire *wire, int64_t deadline_ms,
    struct error *err);
static int wire_fill(struct wire *wire, struct error *err);
static bool wire_take_line(struct wire *wire, const char **ret_line,
    size_t *ret_len);

struct wire *
wire_new(int fd, const char *peer, const struct smtp_params *params,
    struct error *err)
{
	struct wire *wire = malloc(sizeof *wire);

	if (wire == NULL) {
		close(fd);
		error_no_memory(err);
		return NULL;
	}
	wire->stream =
	    (struct stream){.fd = fd, .peer = peer, .params = params};
	wire->out_len = 0;
	wire->flights = 2; /* SYN; ACK, for the greeting */
	wire->failure.code = ERROR_NONE;
	wire->in_start = wire->in_end = wire->early = 0;
	wire->is_cut = wire->is_mid_flight = false;
	return wire;
}

void
wire_free(struct wire *wire)
{
	if (wire == NULL)
		return;
	stream_done(&wire->stream);
	secret_wipe(wire->out, wire->out_len);
	free(wire);
}

const char *
wire_peer(const struct wire *wire)
{
	return wire->stream.peer;
}

struct stream *
wire_stream(struct wire *wire)
{
	return &wire->stream;
}

const struct tls *
wire_tls(const struct wire *wire)
{
	return wire->stream.tls;
}

unsigned
wire_flights(const struct wire *wire)
{
	return wire->flights;
}

int
wire_command(struct wire *wire, struct error *err, const char *format, ...)
{
	char line[4096];
	va_list args;
	int len;

	va_start(args, format);
	len = vsnprintf(line, sizeof line - 2, format, args);
	va_end(args);
	if (len < 0 || (size_t)len >= sizeof line - 2)
		return error_set(err, ERROR_DATA,
		    "a command is longer than %zu bytes", sizeof line - 3);
	if (!text_is_one_line(line, (size_t)len))
		return error_set(err, ERROR_DATA,
		    "a command contains a line end: %s", line);
	transcript_add(&wire->stream.params->transcript, TRANSCRIPT_CLIENT,
	    line, (size_t)len);
	memcpy(line + len, "\r\n", 2);
	return wire_add_out(wire, line, (size_t)len + 2,
	    smtp_params_deadline(wire->stream.params), err);
}

int
wire_secret(struct wire *wire, const char *prefix, const struct secret *secret,
    int64_t deadline_ms, struct error *err)
{
	char redacted[96];

	assert(text_is_one_line(secret_bytes(secret), secret_len(secret)));
	snprintf(redacted, sizeof redacted, "%s<redacted, %zu bytes>", prefix,
	    secret_len(secret));
	transcript_add(&wire->stream.params->transcript, TRANSCRIPT_CLIENT,
	    redacted, strlen(redacted));
	redacted_response_add(wire->stream.params->redaction, secret,
	    wire->stream.params->user);
	if (wire_add_out(wire, prefix, strlen(prefix), deadline_ms, err) ==
		-1 ||
	    wire_add_out(wire, secret_bytes(secret), secret_len(secret),
		deadline_ms, err) == -1 ||
	    wire_add_out(wire, "\r\n", 2, deadline_ms, err) == -1 ||
	    wire_flush(wire, deadline_ms, err) == -1)
		return -1;
	return 0;
}

void
wire_hide(struct wire *wire, const struct secret *secret)
{
	redaction_add_secret(wire->stream.params->redaction, secret);
}

int
wire_redact(const struct wire *wire, struct buf *text, enum redaction_text kind,
    struct error *err)
{
	const struct redaction *redaction = wire->stream.params->redaction;

	return redaction != NULL ? redaction_apply(redaction, text, kind, err)
				 : 0;
}

long
wire_content(struct wire *wire, const void *bytes, size_t len, int64_t stall_ms,
    struct error *err)
{
	int64_t deadline_ms = clock_now_ms() + stall_ms;
	unsigned flights = wire->flights;
	size_t taken = 0;

	if (clock_left_ms(wire->stream.params->deadline_ms) == 0)
		return stream_out_of_time(&wire->stream,
		    "the message to be sent", err);
	if (len <= OUT_SIZE - wire->out_len)
		return wire_add_out(wire, bytes, len, deadline_ms, err) == -1
		    ? -1
		    : (long)len;
	if (wire_flush(wire, deadline_ms, err) == -1)
		return -1;
	wire->flights = flights;
	wire->is_mid_flight = true;
	while (taken < len) {
		long sent = stream_send(&wire->stream,
		    (const char *)bytes + taken, len - taken, err);

		if (sent == -1)
			return -1;
		taken += (size_t)sent;
		if (sent > 0)
			deadline_ms = clock_now_ms() + stall_ms;
		else if (wire->in_start < wire->in_end ||
		    wire->stream.has_ended)
			break;
		else if (wire_make_room(wire, deadline_ms, err) == -1)
			return -1;
	}
	return (long)taken;
}

int
wire_flush(struct wire *wire, int64_t deadline_ms, struct error *err)
{
	size_t len = wire->out_len;
	int result = 0;

	wire->flights += len > 0 || wire->is_mid_flight;
	wire->is_mid_flight = false;
	if (len > 0) {
		result = wire_send_all(wire, wire->out, len, deadline_ms, err);
		secret_wipe(wire->out, len);
		wire->out_len = 0;
		wire->early = wire->in_end - wire->in_start;
	}
	return result;
}

int
wire_read_line(struct wire *wire, int64_t deadline_ms, const char **ret_line,
    size_t *ret_len, struct error *err)
{
	bool is_late = false;

	while (!wire_take_line(wire, ret_line, ret_len)) {
		/* One read after the deadline accepts what arrived in time;
		   a second would let a socket that is always readable extend
		   it. */
		if (is_late)
			return stream_out_of_time(&wire->stream, "an answer",
			    err);
		is_late = stream_is_late(&wire->stream, deadline_ms);
		if (wire->failure.code != ERROR_NONE) {
			*err = wire->failure;
			return -1;
		}
		if (wire_flush(wire, deadline_ms, err) == -1)
			return -1;
		if (wire->stream.has_ended)
			return error_set(err, ERROR_TEMPORARY,
			    "%s: closed the connection", wire->stream.peer);
		if (stream_wait(&wire->stream, POLLIN, deadline_ms, "an answer",
			err) == -1)
			return -1;
		if (wire_fill(wire, err) == -1)
			return -1;
	}
	return 0;
}

bool
wire_line_is_cut(const struct wire *wire)
{
	return wire->is_cut;
}

bool
wire_has_input(struct wire *wire)
{
	struct error ignored; /* the next read reports it */

	if (wire->in_start == wire->in_end && wire_fill(wire, &ignored) == -1)
		return true;
	return wire->in_start < wire->in_end || wire->stream.has_ended;
}

bool
wire_has_early_input(const struct wire *wire)
{
	return wire->early > 0;
}

int
wire_check_silence(struct wire *wire, struct error *err)
{
	struct error ignored;

	if (wire->in_start == wire->in_end && wire_fill(wire, &ignored) == -1)
		return 0;
	if (wire->in_start == wire->in_end)
		return 0;
	return error_set(err, ERROR_TEMPORARY,
	    "%s: sent more than the reply to the last command",
	    wire->stream.peer);
}

int
wire_start_tls(struct wire *wire, struct tls *tls, int64_t deadline_ms,
    struct error *err)
{
	if (stream_start_tls(&wire->stream, tls, deadline_ms, err) == -1)
		return -1;
	wire->flights++;
	transcript_note(&wire->stream.params->transcript, "%s",
	    tls_description(tls));
	return 0;
}

static int
wire_add_out(struct wire *wire, const char *bytes, size_t len,
    int64_t deadline_ms, struct error *err)
{
	if (len > OUT_SIZE - wire->out_len &&
	    wire_flush(wire, deadline_ms, err) == -1)
		return -1;
	if (len > OUT_SIZE)
		return wire_send_all(wire, bytes, len, deadline_ms, err);
	memcpy(wire->out + wire->out_len, bytes, len);
	wire->out_len += len;
	return 0;
}

static int
wire_send_all(struct wire *wire, const char *bytes, size_t len,
    int64_t deadline_ms, struct error *err)
{
	while (len > 0) {
		long sent = stream_send(&wire->stream, bytes, len, err);

		if (sent == -1)
			return -1;
		bytes += sent;
		len -= (size_t)sent;
		if (sent == 0 && wire_make_room(wire, deadline_ms, err) == -1)
			return -1;
	}
	return 0;
}

/*
 * Waits until something can be sent. Reads input meanwhile: a server that waits
 * until its replies are read would not read on.
 */
static int
wire_make_room(struct wire *wire, int64_t deadline_ms, struct error *err)
{
	bool may_read =
	    wire->in_end - wire->in_start < IN_SIZE && !wire->stream.has_ended;
	short events = may_read ? POLLIN | POLLOUT : POLLOUT;

	if (stream_is_late(&wire->stream, deadline_ms))
		return stream_out_of_time(&wire->stream, "room to send", err);
	if (stream_wait(&wire->stream, events, deadline_ms, "room to send",
		err) == -1)
		return -1;
	return may_read ? wire_fill(wire, err) : 0;
}

/* Reads what has arrived, if anything. Records the end of the stream. */
static int
wire_fill(struct wire *wire, struct error *err)
{
	long got;

	if (wire->stream.has_ended || wire->in_end - wire->in_start >= IN_SIZE)
		return 0;
	if (wire->in_start > 0) {
		memmove(wire->in, wire->in + wire->in_start,
		    wire->in_end - wire->in_start);
		wire->in_end -= wire->in_start;
		wire->in_start = 0;
	}
	got = stream_receive(&wire->stream, wire->in + wire->in_end,
	    IN_SIZE - wire->in_end, err);
	if (got > 0)
		wire->in_end += (size_t)got;
	if (got == -1)
		wire->failure = *err;
	return got == -1 ? -1 : 0;
}

/* The byte that the terminating NUL replaces is lost of a line that is cut. */
static bool
wire_take_line(struct wire *wire, const char **ret_line, size_t *ret_len)
{
	char *start = wire->in + wire->in_start;
	size_t unread = wire->in_end - wire->in_start;
	const char *end = memchr(start, '\n', unread);
	size_t len = end != NULL ? (size_t)(end - start) : WIRE_LINE_MAX;

	if (unread <= len)
		return false;
	wire->is_cut = end == NULL;
	wire->in_start += len + 1;
	wire->early -= wire->early < len + 1 ? wire->early : len + 1;
	if (len > 0 && start[len - 1] == '\r')
		len--;
	start[len] = '\0';
	*ret_line = start;
	*ret_len = len;
	return true;
}

/* SPDX-License-Identifier: MIT */
/*
 * Sends and receives bytes, in the clear or by TLS, and limits every wait. Does
 * not know lines.
 */
#include "smtp/stream.h"

#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/interruption.h"
#include "smtp/params.h"
#include "smtp/socket.h"
#include "smtp/tls.h"

static bool would_block(void);

void
stream_done(struct stream *stream)
{
	tls_free(stream->tls);
	close(stream->fd);
}

long
stream_send(struct stream *stream, const char *bytes, size_t len,
    struct error *err)
{
	ssize_t sent;

	if (stream->tls != NULL)
		return tls_send(stream->tls, bytes, len, err);
	sent = send(stream->fd, bytes, len, MSG_NOSIGNAL);
	if (sent >= 0)
		return sent;
	if (would_block())
		return 0;
	return error_set_errno(err, ERROR_TEMPORARY, "%s: sending",
	    stream->peer);
}

long
stream_receive(struct stream *stream, char *out, size_t len, struct error *err)
{
	ssize_t got;

	if (stream->tls != NULL)
		return tls_receive(stream->tls, out, len, &stream->has_ended,
		    err);
	got = recv(stream->fd, out, len, 0);
	if (got == 0)
		stream->has_ended = true;
	if (got >= 0)
		return got;
	if (would_block())
		return 0;
	return error_set_errno(err, ERROR_TEMPORARY, "%s: receiving",
	    stream->peer);
}

int
stream_wait(struct stream *stream, short events, int64_t deadline_ms,
    const char *awaited, struct error *err)
{
	int64_t last_ms =
	    clock_earlier_ms(deadline_ms, stream->params->deadline_ms);

	if ((events & POLLIN) != 0 && tls_has_pending(stream->tls))
		return 0;
	for (;;) {
		int64_t until_ms = progress_wait_until(stream, last_ms);
		int result = socket_wait(stream->fd, events, until_ms,
		    stream->peer, awaited, err);

		if (result == 0 || until_ms == last_ms ||
		    interruption_caught() != 0 || err->code != ERROR_TEMPORARY)
			return result;
		progress_add(stream, 0);
	}
}

bool
stream_is_late(const struct stream *stream, int64_t deadline_ms)
{
	int64_t first_ms =
	    clock_earlier_ms(deadline_ms, stream->params->deadline_ms);

	return clock_left_ms(first_ms) == 0;
}

int
stream_out_of_time(const struct stream *stream, const char *awaited,
    struct error *err)
{
	return error_set(err, ERROR_TEMPORARY,
	    "%s: waiting for %s took too long", stream->peer, awaited);
}

int
stream_start_tls(struct stream *stream, struct tls *tls, int64_t deadline_ms,
    struct error *err)
{
	static const char awaited[] = "the TLS handshake";
	bool is_late = false;

	stream->tls = tls;
	while (tls_handshake(tls, err) == -1) {
		if (err->code != ERROR_NONE)
			return -1;
		if (is_late)
			return stream_out_of_time(stream, awaited, err);
		is_late = stream_is_late(stream, deadline_ms);
		if (stream_wait(stream,
			tls_wants_to_write(tls) ? POLLOUT : POLLIN, deadline_ms,
			awaited, err) == -1)
			return -1;
	}
	return 0;
}

static bool
would_block(void)
{
	return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
}

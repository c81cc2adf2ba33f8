/* SPDX-License-Identifier: MIT */
#ifndef SMTP_STREAM_H
#define SMTP_STREAM_H

/*
 * Bytes to and from the server, in the clear or under TLS, with every wait
 * bounded. For this layer only: smtp/wire.c puts lines and buffers on top.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

struct smtp_params;
struct tls;

struct stream {
	int fd;
	const char *peer;                 /* names the server in errors */
	const struct smtp_params *params; /* no wait outlasts its deadline */
	struct tls *tls;                  /* NULL: in the clear */
	bool has_ended;                   /* the server closed its side */
};

/* Ends TLS with close_notify and closes the socket. */
void stream_done(struct stream *stream);

/* Sends what the socket takes now. Returns the number of bytes, 0 when there is
 * no room, or -1: ERROR_TEMPORARY. */
long stream_send(struct stream *stream, const char *bytes, size_t len,
    struct error *err);

/* Receives what has arrived. Returns the number of bytes, 0 when there is
 * nothing (has_ended tells whether more may come), or -1: ERROR_TEMPORARY. */
long stream_receive(struct stream *stream, char *out, size_t len,
    struct error *err);

/*
 * Waits until the socket is ready for events (poll(2)), or TLS still holds
 * bytes that it decrypted. ERROR_TEMPORARY at the deadline, or at that of
 * params if it is earlier; awaited says what for.
 */
int stream_wait(const struct stream *stream, short events, int64_t deadline_ms,
    const char *awaited, struct error *err);

/* Whether one of these two deadlines has passed. */
bool stream_is_late(const struct stream *stream, int64_t deadline_ms);

/* ERROR_TEMPORARY: what was awaited took too long. Always returns -1. */
int stream_out_of_time(const struct stream *stream, const char *awaited,
    struct error *err);

/* Does the TLS handshake and verifies the peer. tls belongs to the stream from
 * now on, even on failure. */
int stream_start_tls(struct stream *stream, struct tls *tls,
    int64_t deadline_ms, struct error *err);

#endif

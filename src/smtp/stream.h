/* SPDX-License-Identifier: MIT */
#ifndef SMTP_STREAM_H
#define SMTP_STREAM_H

/*
 * Bytes to and from the server, in the clear or by TLS, with a limit on every
 * wait. For this layer only: smtp/wire.c adds lines and buffers.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "smtp/progress.h"

struct smtp_params;
struct tls;

struct stream {
	int fd;
	const char *peer;                 /* names the server in errors */
	const struct smtp_params *params; /* no wait outlasts its deadline */
	struct tls *tls;                  /* NULL: in the clear */
	bool has_ended;                   /* the server closed its side */
	struct progress_count progress;   /* of the message that is sent */
};

/* Ends TLS with close_notify and closes the socket. */
void stream_done(struct stream *stream);

/* Sends as much as the socket accepts now. Returns the number of bytes, 0 if
 * there is no room, or -1: ERROR_TEMPORARY. */
long stream_send(struct stream *stream, const char *bytes, size_t len,
    struct error *err);

/* Receives what has arrived. Returns the number of bytes, 0 if there are none
 * (has_ended says whether more may come), or -1: ERROR_TEMPORARY. */
long stream_receive(struct stream *stream, char *out, size_t len,
    struct error *err);

/*
 * Waits until the socket is ready for events (poll(2)), or TLS still holds
 * decrypted bytes. ERROR_TEMPORARY at the deadline, or at that of params if it
 * is earlier; awaited names what is awaited. Reports progress meanwhile.
 */
int stream_wait(struct stream *stream, short events, int64_t deadline_ms,
    const char *awaited, struct error *err);

/* Returns whether the deadline or that of params has passed. */
bool stream_is_late(const struct stream *stream, int64_t deadline_ms);

/* Sets ERROR_TEMPORARY: awaited did not come in time. Always returns -1. */
int stream_out_of_time(const struct stream *stream, const char *awaited,
    struct error *err);

/* Does the TLS handshake and verifies the peer. The stream owns tls from now
 * on, even on failure. */
int stream_start_tls(struct stream *stream, struct tls *tls,
    int64_t deadline_ms, struct error *err);

#endif

/* SPDX-License-Identifier: MIT */
#ifndef SMTP_PROGRESS_H
#define SMTP_PROGRESS_H

/*
 * Reports how much of a message has been sent, once that has taken a second.
 * Before that only the clock is read, so that a short message costs nothing.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct stream;

/* What smtp_params.on_progress is told. */
struct smtp_progress {
	uint64_t sent; /* bytes that the server has acknowledged */
	uint64_t total;
	int64_t elapsed_ms;
};

/* The state of a stream; all 0 while no message is sent. */
struct progress_count {
	uint64_t total;  /* 0: nothing is reported */
	uint64_t passed; /* bytes that were passed to the stream */
	uint64_t sent;   /* as reported last */
	int64_t started_ms;
	int64_t next_ms; /* when to report next */
};

/* Begins a message of total bytes, if params->on_progress is set. */
void progress_begin(struct stream *stream, uint64_t total);

/* Counts bytes of the message, and reports if it is time to. */
void progress_add(struct stream *stream, size_t len);

/*
 * Returns until when to wait for the socket before progress_add is called
 * again, with 0 bytes; last_ms if it need not be.
 */
int64_t progress_wait_until(const struct stream *stream, int64_t last_ms);

/* The message was accepted or refused. May be called without progress_begin. */
void progress_end(struct stream *stream);

#endif

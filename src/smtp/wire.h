/* SPDX-License-Identifier: MIT */
#ifndef SMTP_WIRE_H
#define SMTP_WIRE_H

/*
 * Lines in and out, in the clear or under TLS. What is written is buffered and
 * leaves only when the session is about to wait, so that a flight of commands
 * is one packet. Every command passes one choke point, and the only tap for the
 * transcript is here.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/secret.h"

struct smtp_params;
struct tls;
struct wire;

enum {
	WIRE_LINE_MAX = 16384 /* bytes of a line read; RFC 4954 4.: 12288 */
};

/*
 * A wire over the connected socket fd, which it owns, even when this fails.
 * peer names the server in errors ("smtp.example.org port 587"), and is
 * borrowed like params, whose transcript records the lines. No call waits past
 * params->deadline_ms, whatever other deadline it is given. NULL on failure.
 */
struct wire *wire_new(int fd, const char *peer,
    const struct smtp_params *params, struct error *err);

/* Closes; a TLS session is ended with close_notify. Accepts NULL. */
void wire_free(struct wire *wire);

/* Returns the name of the peer, as passed to wire_new. Borrowed. */
const char *wire_peer(const struct wire *wire);

/* The local socket, to ask for its address. */
int wire_socket(const struct wire *wire);

/*
 * Writes one command line; CRLF is added. A CR or LF in the text would be a
 * second command: it is refused with ERROR_DATA and nothing is written. When
 * the buffer is full it is sent first, within params->timeout_ms.
 */
int wire_command(struct wire *wire, struct error *err, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/*
 * Writes the line: prefix, secret, CRLF. The transcript sees the prefix and
 * "<redacted>"; the bytes are wiped here once they have left. The secret holds
 * one line.
 */
int wire_secret(struct wire *wire, const char *prefix,
    const struct secret *secret, int64_t deadline_ms, struct error *err);

/*
 * Writes bytes of a message: all of them, or fewer when the server has spoken
 * and there is no room before somebody listens. Then the same bytes from there
 * on come next, or nothing any more. Returns how many were taken, or -1; each
 * stretch of progress may take stall_ms.
 */
long wire_content(struct wire *wire, const void *bytes, size_t len,
    int64_t stall_ms, struct error *err);

/* Sends all that is buffered. ERROR_TEMPORARY when that fails. */
int wire_flush(struct wire *wire, int64_t deadline_ms, struct error *err);

/*
 * Reads one line, ended by LF or CRLF; flushes before it waits. *ret_line
 * (without its line end, followed by a NUL) is borrowed until the next read.
 * ERROR_TEMPORARY: the connection ended, the deadline passed, the line is too
 * long.
 */
int wire_read_line(struct wire *wire, int64_t deadline_ms,
    const char **ret_line, size_t *ret_len, struct error *err);

/* Whether there are bytes that no line was read from, or the connection ended:
 * a read will not wait. */
bool wire_has_input(struct wire *wire);

/*
 * Checks before a command that no unexpected input has arrived, which would be
 * taken for its reply. ERROR_TEMPORARY if it has. The end of the connection is
 * left to the next read.
 */
int wire_check_silence(struct wire *wire, struct error *err);

/*
 * How many flights of commands have left so far: each is a round trip, for
 * somebody waits for its answer. Flights of content count no round trips.
 */
unsigned wire_flights(const struct wire *wire);

/*
 * Puts TLS over the wire: handshake and verification within the deadline. tls
 * is the wire's from now on, even on failure. Unread input is the caller's to
 * check before.
 */
int wire_start_tls(struct wire *wire, struct tls *tls, int64_t deadline_ms,
    struct error *err);

/* The TLS over the wire, or NULL. Borrowed. */
const struct tls *wire_tls(const struct wire *wire);

#endif

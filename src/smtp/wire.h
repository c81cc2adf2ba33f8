/* SPDX-License-Identifier: MIT */
#ifndef SMTP_WIRE_H
#define SMTP_WIRE_H

/*
 * Sends and receives lines, in the clear or by TLS. Output is buffered and sent
 * only when the session is about to wait, so that a flight of commands is one
 * packet. All commands and replies pass here.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/error.h"
#include "base/redaction.h"
#include "base/secret.h"
#include "smtp/stream.h"

struct wire;

enum {
	WIRE_LINE_MAX = 16384 /* bytes of a line; RFC 4954 section 4: 12288 */
};

/*
 * Returns a wire over the connected socket fd, which it owns, even on failure.
 * peer names the server in errors ("smtp.example.org port 587"); it is borrowed
 * like params, whose transcript records the lines. No call waits past
 * params->deadline_ms, whatever deadline it is given. NULL on failure.
 */
struct wire *wire_new(int fd, const char *peer,
    const struct smtp_params *params, struct error *err);

/* Ends TLS with close_notify, closes the socket and frees. Accepts NULL. */
void wire_free(struct wire *wire);

/* Returns the name of the peer, as passed to wire_new. Borrowed. */
const char *wire_peer(const struct wire *wire);

/* Returns the stream, for its socket and its progress. Borrowed. */
struct stream *wire_stream(struct wire *wire);

/*
 * Writes one command line; CRLF is added. A CR or LF in the text would start a
 * second command: it is refused with ERROR_DATA and nothing is written. If the
 * buffer is full, it is sent first, within params->timeout_ms.
 */
int wire_command(struct wire *wire, struct error *err, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/*
 * Writes the line: prefix, secret (base64, without line end), CRLF. The
 * transcript gets the prefix and the length; the buffer is wiped after it was
 * sent. From now on wire_redact removes the secret and what it encodes.
 */
int wire_secret(struct wire *wire, const char *prefix,
    const struct secret *secret, int64_t deadline_ms, struct error *err);

/* From now on wire_redact removes the secret and its base64. */
void wire_hide(struct wire *wire, const struct secret *secret);

/* Removes from text all secrets of this session and of earlier ones with the
 * same params. -1 when out of memory; text is then empty. */
int wire_redact(const struct wire *wire, struct buf *text,
    enum redaction_text kind, struct error *err);

/*
 * Writes bytes of a message: all of them, or fewer if the server has replied
 * and there is no room until the reply is read. The caller then passes the
 * rest, or writes no more. Returns the number of bytes written, or -1; each
 * pause may take stall_ms.
 */
long wire_content(struct wire *wire, const void *bytes, size_t len,
    int64_t stall_ms, struct error *err);

/* Sends all buffered bytes. ERROR_TEMPORARY if that fails. */
int wire_flush(struct wire *wire, int64_t deadline_ms, struct error *err);

/* Reads one line, ended by LF or CRLF; flushes before it waits. *ret_line
 * (without its line end, followed by a NUL) is borrowed until the next read;
 * the caller redacts and records it. ERROR_TEMPORARY. */
int wire_read_line(struct wire *wire, int64_t deadline_ms,
    const char **ret_line, size_t *ret_len, struct error *err);

/* Returns whether the last line was too long: the next read continues it. */
bool wire_line_is_cut(const struct wire *wire);

/* Returns whether there is unread input or the connection ended, so that a read
 * will not wait. */
bool wire_has_input(struct wire *wire);

/* Returns whether the next line began to arrive before the last flush ended. */
bool wire_has_early_input(const struct wire *wire);

/*
 * Checks before a command that no unexpected input has arrived, which would be
 * taken for its reply. ERROR_TEMPORARY if it has. The end of the connection is
 * left to the next read.
 */
int wire_check_silence(struct wire *wire, struct error *err);

/* Returns the number of flights so far, from the first packet, for each of
 * which the client waits a round trip. A message is part of one, however long.
 */
unsigned wire_flights(const struct wire *wire);

/* Starts TLS: handshake and verification within the deadline. Takes tls, even
 * on failure. The caller has checked for unread input before. */
int wire_start_tls(struct wire *wire, struct tls *tls, int64_t deadline_ms,
    struct error *err);

/* Returns the TLS session, or NULL. Borrowed. */
const struct tls *wire_tls(const struct wire *wire);

#endif

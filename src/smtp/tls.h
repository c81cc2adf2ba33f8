/* SPDX-License-Identifier: MIT */
#ifndef SMTP_TLS_H
#define SMTP_TLS_H

/*
 * TLS over a non-blocking socket, with this policy: the versions and cipher
 * suites of tls/priority.h; a server certificate that a trust anchor certifies
 * and that names the host as a subject alternative name (RFC 9525); at least
 * 112 bits of security.
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "smtp/params.h"

struct tls;

/*
 * Returns a TLS client for params->host over fd; both are borrowed. NULL on
 * failure: ERROR_CONFIG if a certificate, key or trust file can't be used.
 */
struct tls *tls_new(const struct smtp_params *params, int fd,
    struct error *err);

/* Sends close_notify, unless bytes of an earlier tls_send have not gone out:
 * they never will. Frees. Accepts NULL. */
void tls_free(struct tls *tls);

/*
 * Continues the handshake. Returns 0 when it is done. -1 with ERROR_NONE: call
 * again when the socket is ready; with ERROR_SECURITY: the certificate was
 * refused, or the handshake failed or was cut off; with ERROR_TEMPORARY: the
 * connection ended before the server sent anything.
 */
int tls_handshake(struct tls *tls, struct error *err);

/* Returns whether the handshake waits to write, else it waits to read. */
bool tls_wants_to_write(const struct tls *tls);

/* Returns the number of bytes sent, 0 if the socket has no room, or -1:
 * ERROR_TEMPORARY. */
long tls_send(struct tls *tls, const void *bytes, size_t len,
    struct error *err);

/*
 * Returns the number of bytes received, 0 if there are none yet or the stream
 * ended (*ret_ended says which), or -1: ERROR_TEMPORARY.
 */
long tls_receive(struct tls *tls, void *out, size_t len, bool *ret_ended,
    struct error *err);

/* Returns whether TLS holds decrypted bytes, which poll can't see. Accepts
 * NULL. */
bool tls_has_pending(const struct tls *tls);

enum {
	TLS_BINDING_SIZE = 64
};

/* The channel binding: identifies a TLS session (RFC 5056). */
struct tls_binding {
	bool is_exporter; /* tls-exporter (RFC 9266), else tls-unique (RFC 5929)
			   */
	size_t len;
	unsigned char bytes[TLS_BINDING_SIZE];
};

/*
 * Fills binding: tls-exporter with TLS 1.3, tls-unique with TLS 1.2 and the
 * extended master secret (RFC 7627), without which it is not unique. False if
 * there is none. tls-server-end-point is not supported, because GNU SASL 2.2
 * does not support it.
 */
bool tls_get_binding(const struct tls *tls, struct tls_binding *binding);

/* Returns a line for people: "TLS1.3, AES-256-GCM, ...". Borrowed. */
const char *tls_description(const struct tls *tls);

/* Returns whether the handshake failed because of the server's certificate. */
bool tls_is_refused(const struct tls *tls);

/* Returns the session of GnuTLS. Borrowed. For the files tls-*.c and step.c. */
struct gnutls_session_int *tls_session(const struct tls *tls);

#endif

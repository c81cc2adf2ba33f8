/* SPDX-License-Identifier: MIT */
#ifndef SMTP_TLS_H
#define SMTP_TLS_H

/*
 * TLS over a socket that doesn't block, and the policy that goes with it: TLS
 * 1.2 or newer, a certificate that a trust anchor vouches for as a server's,
 * made out to the host by a subject alternative name (RFC 9525), nothing weaker
 * than 112 bits.
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "smtp/params.h"

struct tls;

/*
 * A TLS client for params->host over fd; both borrowed. A certificate, key or
 * trust file that can't be used is ERROR_CONFIG. NULL on failure.
 */
struct tls *tls_new(const struct smtp_params *params, int fd,
    struct error *err);

/* Says goodbye and frees. Accepts NULL. */
void tls_free(struct tls *tls);

/*
 * Takes the handshake further. 0: done. -1 with ERROR_NONE: call again when the
 * socket is ready. -1 with ERROR_SECURITY: the certificate was refused, or the
 * handshake failed or was cut; with ERROR_TEMPORARY: the connection ended
 * before the server said a word of it.
 */
int tls_handshake(struct tls *tls, struct error *err);

/* Which way the handshake waits for. */
bool tls_wants_to_write(const struct tls *tls);

/* Bytes sent, 0 when the socket has no room, -1 on ERROR_TEMPORARY. */
long tls_send(struct tls *tls, const void *bytes, size_t len,
    struct error *err);

/*
 * Bytes received, 0 when none are there yet or the stream ended (*ret_ended
 * tells which), -1 on ERROR_TEMPORARY.
 */
long tls_receive(struct tls *tls, void *out, size_t len, bool *ret_ended,
    struct error *err);

/* Whether received bytes wait inside TLS, where poll can't see them. Accepts
 * NULL. */
bool tls_has_pending(const struct tls *tls);

enum {
	TLS_BINDING_SIZE = 64
};

/* What tells a TLS session from every other (RFC 5056). */
struct tls_binding {
	bool is_exporter; /* tls-exporter (RFC 9266), else tls-unique (RFC 5929)
			   */
	size_t len;
	unsigned char bytes[TLS_BINDING_SIZE];
};

/*
 * Fills binding: tls-exporter under TLS 1.3, tls-unique under 1.2 with the
 * extended master secret (RFC 7627), without which neither tells sessions
 * apart. False when there is none. There is no tls-server-end-point here: GNU
 * SASL 2.2 can't be told of it.
 */
bool tls_get_binding(const struct tls *tls, struct tls_binding *binding);

/* One line for people: "TLS1.3, AES-256-GCM, ...". Borrowed. */
const char *tls_description(const struct tls *tls);

#endif

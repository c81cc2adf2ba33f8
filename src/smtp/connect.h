/* SPDX-License-Identifier: MIT */
#ifndef SMTP_CONNECT_H
#define SMTP_CONNECT_H

/* Connects a socket to one of the addresses of a host. */

#include <stdint.h>

#include <netdb.h>

#include "base/error.h"
#include "smtp/transcript.h"

/*
 * Connects to one of the addresses. Tries IPv6 and IPv4 in turn, each a little
 * after the one before; the first that answers wins (RFC 8305). host and port
 * name the server in messages. Returns a non-blocking, close-on-exec socket
 * with TCP_NODELAY, or -1: ERROR_TEMPORARY with the error of the last address
 * that failed.
 */
int connect_to(const struct addrinfo *addresses, const char *host,
    uint16_t port, int64_t deadline_ms, const struct transcript *transcript,
    struct error *err);

#endif

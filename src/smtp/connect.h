/* SPDX-License-Identifier: MIT */
#ifndef SMTP_CONNECT_H
#define SMTP_CONNECT_H

/* From the addresses of a host to a connected socket. */

#include <stdint.h>

#include <netdb.h>

#include "base/error.h"
#include "smtp/transcript.h"

/*
 * Connects to one of the addresses, trying IPv6 and IPv4 in turns, each a
 * little after the one before, the first that answers wins (RFC 8305). host and
 * port are theirs, for messages. Returns a socket that doesn't block, doesn't
 * delay small writes and closes on exec, or -1: ERROR_TEMPORARY with what the
 * last address said.
 */
int connect_to(const struct addrinfo *addresses, const char *host,
    uint16_t port, int64_t deadline_ms, const struct transcript *transcript,
    struct error *err);

#endif

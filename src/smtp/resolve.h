/* SPDX-License-Identifier: MIT */
#ifndef SMTP_RESOLVE_H
#define SMTP_RESOLVE_H

/* From a host name to addresses, within a deadline. */

#include <stdint.h>

#include <netdb.h>

#include "base/error.h"

/*
 * Looks up the stream addresses of host (a name, an IDN, or an address) and
 * port. *ret_addresses is freed with freeaddrinfo. A name that doesn't exist is
 * ERROR_NO_HOST; name servers that don't answer are ERROR_TEMPORARY.
 */
int resolve_host(const char *host, uint16_t port, int64_t deadline_ms,
    struct addrinfo **ret_addresses, struct error *err);

#endif

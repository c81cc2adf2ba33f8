/* SPDX-License-Identifier: MIT */
#ifndef SMTP_RESOLVE_H
#define SMTP_RESOLVE_H

/* Resolves a host name to addresses, within a deadline. */

#include <stdint.h>

#include <netdb.h>

#include "base/error.h"

/*
 * Looks up the stream addresses of host (a name, an internationalised name, or
 * an address) and port. *ret_addresses is freed with freeaddrinfo.
 * ERROR_NO_HOST: the name does not exist; ERROR_TEMPORARY: the name servers do
 * not respond.
 */
int resolve_host(const char *host, uint16_t port, int64_t deadline_ms,
    struct addrinfo **ret_addresses, struct error *err);

/*
 * Converts a host name to A-labels (IDNA2008). The caller frees the result.
 * ERROR_CONFIG if it is not a host name.
 */
char *resolve_ascii(const char *host, struct error *err);

#endif

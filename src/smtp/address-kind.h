/* SPDX-License-Identifier: MIT */
#ifndef SMTP_ADDRESS_KIND_H
#define SMTP_ADDRESS_KIND_H

/* Tells addresses that no public server can have. */

#include <stdbool.h>

struct addrinfo;

/* Returns whether host is an address instead of a name. */
bool address_is_numeric(const char *host);

/*
 * Returns "private", "loopback" or "unspecified" if that is what all addresses
 * are; NULL if one is public, or if there is none. Addresses for benchmarks
 * (198.18.0.0/15) count as public: transparent proxies use them.
 */
const char *address_kind(const struct addrinfo *addresses);

/* Returns the same word as one that address_kind returns, which lasts; or NULL.
 * name may be NULL. */
const char *address_kind_find(const char *name);

#endif

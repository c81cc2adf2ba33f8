/* SPDX-License-Identifier: MIT */
/*
 * A table of the address blocks of RFC 6890 that networks use inside, or that
 * name servers return to block a name.
 */
#include "smtp/address-kind.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

static const struct {
	uint32_t first;
	unsigned bits;
	const char *kind;
} blocks[] = {
    {0x00000000, 8, "unspecified"}, {0x7F000000, 8, "loopback"},
    {0x0A000000, 8, "private"}, {0xAC100000, 12, "private"},
    {0xC0A80000, 16, "private"},
    {0x64400000, 10, "private"}, /* RFC 6598, carrier-grade NAT */
    {0xA9FE0000, 16, "private"}, /* link-local */
};

static const char *address_kind_of(const struct sockaddr *address);
static const char *address_kind_v4(uint32_t address);
static const char *address_kind_v6(const struct in6_addr *address);

bool
address_is_numeric(const char *host)
{
	unsigned char address[sizeof(struct in6_addr)];

	return inet_pton(AF_INET, host, address) == 1 ||
	    inet_pton(AF_INET6, host, address) == 1;
}

const char *
address_kind(const struct addrinfo *addresses)
{
	const char *kind = NULL;

	for (const struct addrinfo *a = addresses; a != NULL; a = a->ai_next) {
		kind = address_kind_of(a->ai_addr);
		if (kind == NULL)
			return NULL;
	}
	return kind;
}

static const char *
address_kind_of(const struct sockaddr *address)
{
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;

	if (address->sa_family == AF_INET) {
		memcpy(&v4, address, sizeof v4);
		return address_kind_v4(ntohl(v4.sin_addr.s_addr));
	}
	if (address->sa_family != AF_INET6)
		return NULL;
	memcpy(&v6, address, sizeof v6);
	return address_kind_v6(&v6.sin6_addr);
}

const char *
address_kind_find(const char *name)
{
	static const char *const kinds[] = {"private", "loopback",
	    "unspecified"};

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		if (name != NULL && strcmp(name, kinds[i]) == 0)
			return kinds[i];
	}
	return NULL;
}

static const char *
address_kind_v4(uint32_t address)
{
	for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++) {
		unsigned shift = 32 - blocks[i].bits;

		if (address >> shift == blocks[i].first >> shift)
			return blocks[i].kind;
	}
	return NULL;
}

static const char *
address_kind_v6(const struct in6_addr *address)
{
	if (IN6_IS_ADDR_UNSPECIFIED(address))
		return "unspecified";
	if (IN6_IS_ADDR_LOOPBACK(address))
		return "loopback";
	if (IN6_IS_ADDR_LINKLOCAL(address) ||
	    (address->s6_addr[0] & 0xFE) == 0xFC) /* RFC 4193 */
		return "private";
	return NULL;
}

/* SPDX-License-Identifier: MIT */
/*
 * Finds the address and the name of this host. Sends nothing.
 */
#include "cli/check-client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/text.h"

static bool client_find_address(const struct addrinfo *server,
    struct sockaddr_storage *ret_address);
static bool client_reverse_v4(uint32_t address, char out[CHECK_NAME_SIZE]);
static bool client_reverse_v6(const unsigned char address[16],
    char out[CHECK_NAME_SIZE]);

bool
check_client_reverse_name(const struct addrinfo *server,
    char address[CHECK_ADDRESS_SIZE], char name[CHECK_NAME_SIZE])
{
	struct sockaddr_storage local;
	const struct sockaddr_in *v4 = (const struct sockaddr_in *)&local;
	const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)&local;

	memset(&local, 0, sizeof local);
	if (!client_find_address(server, &local))
		return false;
	if (local.ss_family == AF_INET) {
		inet_ntop(AF_INET, &v4->sin_addr, address, CHECK_ADDRESS_SIZE);
		return client_reverse_v4(ntohl(v4->sin_addr.s_addr), name);
	}
	inet_ntop(AF_INET6, &v6->sin6_addr, address, CHECK_ADDRESS_SIZE);
	return client_reverse_v6(v6->sin6_addr.s6_addr, name);
}

bool
check_client_ehlo_name(const struct account *account, char out[CHECK_NAME_SIZE])
{
	const char *name = account->text[SETTING_DOMAIN];

	if (name != NULL)
		snprintf(out, CHECK_NAME_SIZE, "%s", name);
	else if (gethostname(out, CHECK_NAME_SIZE) == -1 ||
	    memchr(out, '\0', CHECK_NAME_SIZE) == NULL)
		return false;
	return *out != '[' && strchr(out, '.') != NULL &&
	    !text_has_8bit(out, strlen(out));
}

/* The source address of a datagram that is not sent. */
static bool
client_find_address(const struct addrinfo *server,
    struct sockaddr_storage *ret_address)
{
	socklen_t len = sizeof *ret_address;
	int fd;
	bool is_found;

	if (server == NULL)
		return false;
	fd = socket(server->ai_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd == -1)
		return false;
	is_found = connect(fd, server->ai_addr, server->ai_addrlen) == 0 &&
	    getsockname(fd, (struct sockaddr *)ret_address, &len) == 0;
	close(fd);
	return is_found;
}

static bool
client_reverse_v4(uint32_t address, char out[CHECK_NAME_SIZE])
{
	/* RFC 6890: networks whose addresses others don't see. */
	static const struct {
		uint32_t network;
		unsigned bits;
	} local[] = {{0x0a000000, 8}, {0x64400000, 10}, {0x7f000000, 8},
	    {0xa9fe0000, 16}, {0xac100000, 12}, {0xc0a80000, 16}};

	for (size_t i = 0; i < sizeof local / sizeof *local; i++) {
		if ((address ^ local[i].network) >> (32 - local[i].bits) == 0)
			return false;
	}
	snprintf(out, CHECK_NAME_SIZE, "%u.%u.%u.%u.in-addr.arpa",
	    address & 255, address >> 8 & 255, address >> 16 & 255,
	    address >> 24);
	return true;
}

static bool
client_reverse_v6(const unsigned char address[16], char out[CHECK_NAME_SIZE])
{
	size_t used = 0;

	if ((address[0] & 0xe0) != 0x20) /* RFC 4291: global unicast */
		return false;
	for (size_t i = 16; i-- > 0;)
		used += (size_t)snprintf(out + used, CHECK_NAME_SIZE - used,
		    "%x.%x.", address[i] & 15, address[i] >> 4);
	snprintf(out + used, CHECK_NAME_SIZE - used, "ip6.arpa");
	return true;
}

/* SPDX-License-Identifier: MIT */
/*
 * Tells Unix sockets from hosts.
 */
#include "base/socket-path.h"

#include <stdio.h>
#include <string.h>

const char *
socket_path(const char *server)
{
	static const char prefix[] = "unix:";
	size_t len = sizeof prefix - 1;

	return strncmp(server, prefix, len) == 0 ? server + len : NULL;
}

const char *
server_describe(const char *server, unsigned port, char *out, size_t out_size)
{
	if (socket_path(server) != NULL)
		snprintf(out, out_size, "%s", server);
	else
		snprintf(out, out_size, "%s port %u", server, port);
	return out;
}

/* SPDX-License-Identifier: MIT */
/*
 * Tells Unix sockets from hosts.
 */
#include "base/socket-path.h"

#include <stddef.h>
#include <string.h>

const char *
socket_path(const char *server)
{
	static const char prefix[] = "unix:";
	size_t len = sizeof prefix - 1;

	return strncmp(server, prefix, len) == 0 ? server + len : NULL;
}

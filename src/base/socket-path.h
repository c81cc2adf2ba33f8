/* SPDX-License-Identifier: MIT */
#ifndef BASE_SOCKET_PATH_H
#define BASE_SOCKET_PATH_H

#include <stddef.h>

/* A server that is reached by a Unix socket is written "unix:/path". */

/* Returns the path in the name of a server, or NULL if it is a host. Borrowed.
 */
const char *socket_path(const char *server);

/* Writes "HOST port PORT", or the server alone if it is a Unix socket. Returns
 * out. */
const char *server_describe(const char *server, unsigned port, char *out,
    size_t out_size);

#endif

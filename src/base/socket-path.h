/* SPDX-License-Identifier: MIT */
#ifndef BASE_SOCKET_PATH_H
#define BASE_SOCKET_PATH_H

/* A server that is reached by a Unix socket is written "unix:/path". */

/* Returns the path in the name of a server, or NULL if it is a host. Borrowed.
 */
const char *socket_path(const char *server);

#endif

/* SPDX-License-Identifier: MIT */
#ifndef BASE_PEER_USER_H
#define BASE_PEER_USER_H

/* Finds out which user is at the other end of a Unix socket. */

#include <stdbool.h>
#include <sys/types.h>

/* Returns false if fd is not a Unix socket. *ret_uid is the user that connected
 * it. */
bool peer_user(int fd, uid_t *ret_uid);

#endif

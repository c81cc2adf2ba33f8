/* SPDX-License-Identifier: MIT */
#ifndef TESTS_DEVIATION_H
#define TESTS_DEVIATION_H

/* Sends the replies of the simulated server, right or wrong. */

#include "server.h"

/*
 * Sends a reply, or something else in its place. Returns the code that the
 * client can read from it, 0 if there is none.
 */
int deviation_reply(struct server *server, int code, const char *text);

#endif

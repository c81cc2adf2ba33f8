/* SPDX-License-Identifier: MIT */
#ifndef TESTS_QUEUED_H
#define TESTS_QUEUED_H

/*
 * A message goes through the queue: it is added and sent, with crashes and
 * failures of the disk at any step, until the last run, which has none. What
 * the queue says of each recipient then must be true.
 */

#include <stddef.h>

#include "choices.h"
#include "output.h"
#include "server.h"

enum {
	QUEUED_RUNS = 4
};

/* wire: the message as it is sent. */
void queued_run(const struct choices *choices, const struct output *output,
    struct server *server, const char *wire, size_t wire_len);

#endif

/* SPDX-License-Identifier: MIT */
#ifndef TESTS_MESSAGES_H
#define TESTS_MESSAGES_H

/* The messages that are sent, and what of them must arrive. */

#include <stddef.h>

#include "message/message.h"

enum {
	MESSAGES_COUNT = 8
};

struct test_message {
	struct message message; /* sealed */
	char *wire;             /* with CRLF line ends */
	size_t wire_len;
};

void messages_init(struct test_message messages[MESSAGES_COUNT]);
void messages_done(struct test_message messages[MESSAGES_COUNT]);

#endif

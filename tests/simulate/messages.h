/* SPDX-License-Identifier: MIT */
#ifndef TESTS_MESSAGES_H
#define TESTS_MESSAGES_H

/* The messages that are sent, and what of them must arrive. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "message/message.h"

#include "seed.h"

/* A message that was read, and its bytes with CRLF line ends; borrowed. */
struct received_message {
	struct message message;
	const char *wire;
	size_t wire_len;
};

void messages_set_up(void);
void messages_tear_down(void);

/*
 * Lets the client read one of the messages from the simulated disk, where of a
 * thousand calls so many fail. Returns false if it could not. Release it with
 * message_done in each case.
 */
bool messages_read(struct seed *seed, uint32_t faults,
    struct received_message *ret_received);

#endif

/* SPDX-License-Identifier: MIT */
#ifndef TESTS_RELAYED_H
#define TESTS_RELAYED_H

/* A message whose recipients are passed on one by one, as for a client that
 * speaks SMTP (submit/relay.h). */

#include "message/message.h"
#include "submit/delivery.h"

#include "choices.h"
#include "output.h"

/*
 * Sends the message and initialises delivery with the outcomes. Checks the
 * reply that the client would get.
 */
void relayed_run(const struct choices *choices, const struct output *output,
    struct message *message, struct delivery *delivery);

#endif

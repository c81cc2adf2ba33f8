/* SPDX-License-Identifier: MIT */
#ifndef TESTS_SEQUENCE_H
#define TESTS_SEQUENCE_H

/*
 * One session that is watched step by step, as check does, and then used for
 * several transactions or none.
 */

#include "message/message.h"
#include "smtp/transaction.h"

#include "choices.h"
#include "server.h"

/*
 * Sends the message to the recipients in groups, each by its transaction, and
 * sets their outcomes.
 */
void sequence_run(const struct choices *choices, const struct server *server,
    const struct output *output, struct message *message,
    struct smtp_recipient *recipient);

#endif

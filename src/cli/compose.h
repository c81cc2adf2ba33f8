/* SPDX-License-Identifier: MIT */
#ifndef CLI_COMPOSE_H
#define CLI_COMPOSE_H

/* Lets postrider-compose(1) write a message. */

#include <stdbool.h>

#include "base/error.h"
#include "cli/composition.h"
#include "message/message.h"

/* Fails if this build has no postrider-compose. ERROR_USAGE. */
int compose_check(struct error *err);

/*
 * Starts postrider-compose, which may read the text of the message from
 * standard input, and reads the message that it writes. Errors as
 * message_read, and as the program reports them.
 */
int compose_message(const struct composition *composition,
    struct message *message, struct error *err);

/* Whether the text is read from standard input. */
bool compose_reads_input(const struct composition *composition);

/* Returns the environment without postrider's password, for a child: an array
 * that the caller frees, with borrowed elements. NULL when out of memory. */
char **compose_environment(struct error *err);

#endif

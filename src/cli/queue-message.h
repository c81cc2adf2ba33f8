/* SPDX-License-Identifier: MIT */
#ifndef CLI_QUEUE_MESSAGE_H
#define CLI_QUEUE_MESSAGE_H

/* What a user decides about one message of the queue. */

#include "base/error.h"
#include "spool/spool.h"

/* Changes the state of a message. Errors of spool_lock, spool_load and
 * spool_save. */
int queue_message_change(const struct spool *spool, const char *id,
    void (*change)(struct spool_entry *entry), struct error *err);

#endif

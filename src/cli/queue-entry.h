/* SPDX-License-Identifier: MIT */
#ifndef CLI_QUEUE_ENTRY_H
#define CLI_QUEUE_ENTRY_H

/* What "postrider queue" says of a message, from its state, its account's and
 * its lock. */

#include <time.h>

#include "cli/queue-account.h"
#include "report/json.h"
#include "spool/spool.h"

/* The status of a recipient: what a killed process was sending is unknown. */
enum spool_status queue_entry_status(const struct spool *spool,
    const struct spool_entry *entry, const struct spool_recipient *recipient);

/* When the message is tried again; 0: not by itself. account may be NULL. */
time_t queue_entry_next_try(const struct spool_entry *entry,
    const struct queue_account *account);

/* Adds an object to an array, or at the top. account may be NULL. */
void queue_entry_add(struct json *json, const struct spool *spool,
    const struct spool_entry *entry, const struct queue_account *account);

#endif

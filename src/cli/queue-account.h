/* SPDX-License-Identifier: MIT */
#ifndef CLI_QUEUE_ACCOUNT_H
#define CLI_QUEUE_ACCOUNT_H

/* What a list of the queue says of the accounts of its messages: why they wait,
 * or that the user holds them. Each is read once. */

#include <stdbool.h>
#include <stddef.h>

#include "report/json.h"
#include "spool/account-hold.h"
#include "spool/spool.h"

struct queue_account {
	char *key;    /* spool/account-key.h */
	bool is_held; /* by the user */
	bool waits;
	struct account_hold held;
	struct account_hold wait;
};

/* Begins as zero. */
struct queue_accounts {
	struct queue_account *account;
	size_t count;
	bool are_held; /* by the user, all of them */
};

void queue_accounts_done(struct queue_accounts *accounts);

/* Finds the account, or reads what is known of it. NULL without memory.
 * Borrowed until the next call. */
const struct queue_account *queue_accounts_find(struct queue_accounts *accounts,
    const struct spool *spool, const char *key);

/* Finds out whether all are held. */
void queue_accounts_load(struct queue_accounts *accounts,
    const struct spool *spool);

/* Prints lines for those that wait or are held. is_run: a process is there that
 * sends the queue. */
void queue_accounts_print(const struct queue_accounts *accounts, bool is_run);

/* Adds the member "account_state". account may be NULL. */
void queue_account_add(struct json *json, const struct queue_account *account);

#endif

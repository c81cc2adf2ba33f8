/* SPDX-License-Identifier: MIT */
#ifndef QUEUE_SCHEDULE_H
#define QUEUE_SCHEDULE_H

/*
 * Which messages wait, and when each account is next tried: little for each
 * message, because there may be many. It is read again whenever the queue may
 * have changed. Times are seconds since 1970.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "spool/spool.h"

struct schedule_message {
	uint64_t next;
	uint32_t account;
	bool waits_for_network;
	char id[SPOOL_ID_SIZE];
};

struct schedule_account {
	char *name;
	uint64_t next;         /* not before that time */
	int64_t not_before_ms; /* nor before that (base/clock.h) */
	bool is_held;          /* by the user: never */
	bool waits_for_network;
	bool network_changed; /* since the last try began */
	bool is_running;
};

/* The messages in order. Begins as zero. */
struct schedule {
	struct schedule_message *message;
	size_t count;
	struct schedule_account *account;
	size_t account_count;
	bool is_incomplete; /* messages that came meanwhile are left out */
};

void schedule_done(struct schedule *schedule);

/*
 * Reads the queue again; what is known of the accounts otherwise is kept.
 * Messages that can't be read are left out. Those that have come since this
 * began are left out, too: a directory that changes while it is read can lack
 * an older message of the same sender. Errors of spool_list.
 */
int schedule_load(struct schedule *schedule, const struct spool *spool,
    struct error *err);

/* The same with the newest messages; reports what can't be read. */
int schedule_load_all(struct schedule *schedule, const struct spool *spool,
    struct error *err);

/* Whether there is a message that can be tried, now or later. */
bool schedule_has_work(const struct schedule *schedule);

/*
 * Returns the time of the next try of an account that is not running: at most
 * now if it is due, UINT64_MAX if there is none. Besides, an account may have
 * to wait for its not_before_ms.
 */
uint64_t schedule_account_next(const struct schedule *schedule, size_t account,
    uint64_t now);

/* Copies to id, which has room for all messages, those of the account that are
 * due at a time; UINT64_MAX: all that wait. Returns their number. */
size_t schedule_take(const struct schedule *schedule, size_t account,
    uint64_t time, char (*id)[SPOOL_ID_SIZE]);

/*
 * Reads the queue for messages of the account that are due. *ret_id is NULL if
 * there are none; the caller frees. Returns their number.
 */
size_t schedule_find_due(const struct spool *spool, const char *account,
    char (**ret_id)[SPOOL_ID_SIZE]);

/* Whether the user holds the account, or all of them. */
bool schedule_account_is_held(const struct spool *spool, const char *account);

/* Makes due what waits for the network. */
void schedule_note_network(struct schedule *schedule);

#endif

/* SPDX-License-Identifier: MIT */
#ifndef SUBMIT_QUEUE_WAIT_H
#define SUBMIT_QUEUE_WAIT_H

/* How long the queue waits after a failure, by its cause (base/cause.h). */

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

enum {
	QUEUE_WAIT_MIN_S = 60,
	QUEUE_WAIT_MAX_S = 31 * 86400 /* what a server names, too */
};

/*
 * Returns the seconds until the next try: what the server names in its reply;
 * else a time by the cause, which grows with the tries that have failed, and of
 * which a quarter is random.
 */
uint64_t queue_wait_seconds(const struct error *failure, uint64_t tries);

/* Whether the cause, which may be NULL, may end when the network changes. */
bool queue_wait_is_for_network(const char *cause);

/* Whether the other messages of the account would fail alike: the session
 * failed, or the account has reached a limit. */
bool queue_wait_is_for_account(const struct error *failure);

/* Whether the user must do something first: a failure of the account that no
 * time mends. */
bool queue_wait_needs_user(const struct error *failure);

#endif

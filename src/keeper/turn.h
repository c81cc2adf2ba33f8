/* SPDX-License-Identifier: MIT */
#ifndef KEEPER_TURN_H
#define KEEPER_TURN_H

/*
 * Whose turn it is to ask for a token. Those who waited behind one who asked in
 * vain share that failure instead of asking one by one: a server in trouble
 * isn't helped by a hundred requests, and some lock out who asks too often.
 *
 * What is shared is in the lock's file: no secret, as in all messages.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "vault/vault.h"

struct turn {
	int lock;
	int64_t since_ms; /* when the waiting began */
	bool is_shared;   /* the failure is the last one's */
};

/* Calls on_wait, and waits until no other process is at it. Errors as
 * vault_lock; otherwise turn_end is due. */
int turn_await(struct turn *turn, const struct vault *vault,
    const struct vault_key *key, void (*on_wait)(void), struct error *err);

/* Fails as the last one did, if that was a temporary failure and came while
 * this one waited. */
int turn_check(struct turn *turn, struct error *err);

/* The next may go. failure is what those who wait need not find out again, or
 * NULL. */
void turn_end(struct turn *turn, const struct error *failure);

#endif

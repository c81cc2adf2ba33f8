/* SPDX-License-Identifier: MIT */
#ifndef KEEPER_RENEWAL_LOCK_H
#define KEEPER_RENEWAL_LOCK_H

/*
 * The lock that only one process at a time gets a token under. Processes that
 * waited while another one failed share its failure instead of asking one by
 * one: a hundred requests don't help a server in trouble, and some servers lock
 * out a client that asks too often.
 *
 * The failure is in the lock's file. No secret is in it, as in all messages.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "vault/vault.h"

struct renewal_lock {
	int fd;
	int64_t since_ms; /* when the waiting began */
	bool is_shared;   /* the failure is an earlier process's */
};

/* Calls on_wait, and waits until no other process holds the lock. Errors as
 * vault_lock; on success, call renewal_lock_release. */
int renewal_lock_acquire(struct renewal_lock *lock, const struct vault *vault,
    const struct vault_key *key, void (*on_wait)(void), struct error *err);

/* Fails as the last process did, if that was a temporary failure and came while
 * this one waited. */
int renewal_lock_check(struct renewal_lock *lock, struct error *err);

/* Releases the lock. failure, or NULL, is for those that wait to share. */
void renewal_lock_release(struct renewal_lock *lock,
    const struct error *failure);

#endif

/* SPDX-License-Identifier: MIT */
#ifndef SPOOL_ACCOUNT_HOLD_H
#define SPOOL_ACCOUNT_HOLD_H

/*
 * Why no message of an account is sent now. An account waits after a failure
 * that concerns all its messages, such as a server that can't be reached or a
 * refused sign-in, and one message is tried at its end; or the user holds it,
 * or all accounts, whose name is "" then.
 * Each is a small text file in the directory of the queue. The user's is a file
 * of its own, so that neither overwrites the other.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "spool/spool.h"

enum account_hold_kind {
	ACCOUNT_WAITS,       /* until hold->next */
	ACCOUNT_HELD_BY_USER /* until it is released */
};

enum account_hold_text {
	ACCOUNT_HOLD_CAUSE, /* base/cause.h; all may be NULL */
	ACCOUNT_HOLD_REASON,
	ACCOUNT_HOLD_HINT,
	ACCOUNT_HOLD_TEXT_COUNT
};

/* Owns its texts; begins as zero. Times are seconds since 1970. */
struct account_hold {
	uint64_t since;
	uint64_t tried;      /* the last failure */
	uint64_t next;       /* the next try */
	uint64_t tries;      /* how many have failed */
	uint64_t needs_user; /* 1: only the user can end it */
	char *text[ACCOUNT_HOLD_TEXT_COUNT];
};

void account_hold_done(struct account_hold *hold);

/* Sets a text to a copy of value, printable; without memory to NULL. */
void account_hold_set(struct account_hold *hold, enum account_hold_text text,
    const char *value);

/* Whether there is such a hold; fills an empty hold. One that can't be read
 * counts as empty. */
bool account_hold_load(const struct spool *spool, const char *account,
    enum account_hold_kind kind, struct account_hold *hold);

/* The same without reading it, so without a descriptor. If that can't be found
 * out, there is one. */
bool account_hold_exists(const struct spool *spool, const char *account,
    enum account_hold_kind kind);

/* ERROR_CREATE, ERROR_SYSTEM; also if the name is too long for a file. */
int account_hold_save(const struct spool *spool, const char *account,
    enum account_hold_kind kind, const struct account_hold *hold,
    struct error *err);

/* Returns 1 if there was one, else 0; -1 with ERROR_CREATE, ERROR_SYSTEM. */
int account_hold_remove(const struct spool *spool, const char *account,
    enum account_hold_kind kind, struct error *err);

/* Removes those of all accounts, of both kinds. ERROR_IO, ERROR_CREATE. */
int account_hold_remove_all(const struct spool *spool, struct error *err);

#endif

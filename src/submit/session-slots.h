/* SPDX-License-Identifier: MIT */
#ifndef SUBMIT_SESSION_SLOTS_H
#define SUBMIT_SESSION_SLOTS_H

/*
 * The sessions that an account may have at once, for all processes of the user:
 * as many as its provider allows, if the account has "hold" set. Each is a lock
 * in a file that the processes share, so the kernel frees those of a process
 * that dies. Where files can't be locked, the number is not limited.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "config/account.h"
#include "smtp/transcript.h"

/* A line of the transcript, of a process that waits for one of so many. */
#define SESSION_SLOTS_WAITING \
	"waiting: all sessions that the provider allows (%zu) are in use"

enum {
	SESSION_SLOTS_TURN_MS = 5000 /* after which a session that is used all
					the time makes way for others */
};

struct session_slots {
	int fd; /* -1: the number is not limited */
	unsigned limit;
	uint64_t taken;        /* by this process: a bit for each */
	int64_t not_before_ms; /* none is taken until then */
};

/* The number of sessions of the account; 0 if it is not limited. */
unsigned session_slots_limit(const struct account *account);

/* Opens the file for an account, if its number is limited. A confined process
 * can't. The transcript says why it couldn't be opened. */
void session_slots_open(struct session_slots *slots,
    const struct account *account, const struct transcript *transcript);
void session_slots_close(struct session_slots *slots);

/* Takes a slot. Returns false if there is none; *ret_slot is 0 where they are
 * not limited. */
bool session_slots_try(struct session_slots *slots, unsigned *ret_slot);

/* Waits for one. ERROR_TEMPORARY at the deadline, or by a delayed signal; host
 * is for the message. */
int session_slots_await(struct session_slots *slots, unsigned *ret_slot,
    int64_t deadline_ms, const struct transcript *transcript, const char *host,
    struct error *err);

/* Gives it back; 0 is none. */
void session_slots_release(struct session_slots *slots, unsigned slot);

/* Says whether this process waits for one. */
void session_slots_want(struct session_slots *slots, bool is_wanted);

/* Whether another process waits for one. */
bool session_slots_are_wanted(const struct session_slots *slots);

/* Takes none for a moment, so that another process can. */
void session_slots_make_way(struct session_slots *slots);

#endif

/* SPDX-License-Identifier: MIT */
#ifndef QUEUE_WAKEUP_H
#define QUEUE_WAKEUP_H

/*
 * What wakes the process that sends the queue: a change of the queue's
 * directory (inotify), of the network (rtnetlink), of the clock, the end of a
 * suspension, and the time of the next try. Where there is no such thing, the
 * process looks from time to time.
 */

#include <poll.h>
#include <stdbool.h>
#include <stdint.h>

#include "spool/spool.h"

enum {
	WAKEUP_FD_COUNT = 3
};

struct wakeup {
	int spool;            /* inotify, or -1 */
	int network;          /* rtnetlink, or -1 */
	int timer;            /* or -1 */
	int64_t suspended_ms; /* in all, since the system was started */
	int64_t network_ms; /* when the network is expected to be complete after
			       its change; 0: there was none */
	int64_t network_limit_ms; /* the same, however often it changes */
};

/* What has happened. */
struct wakeup_events {
	bool queue_changed;
	bool queue_is_gone;   /* its directory was removed */
	bool network_changed; /* a second ago; or the computer has slept, or its
				 clock was set */
};

void wakeup_open(struct wakeup *wakeup, const struct spool *spool);
void wakeup_close(struct wakeup *wakeup);

/* Sets what to poll; descriptors that are not there are -1. */
void wakeup_prepare(const struct wakeup *wakeup,
    struct pollfd ready[WAKEUP_FD_COUNT]);

/* Sets the timer to a time of day (seconds since 1970). Returns for how long at
 * most to poll, in milliseconds. */
int wakeup_set(struct wakeup *wakeup, uint64_t next);

/* Reads what is there, and says what has happened. */
void wakeup_read(struct wakeup *wakeup, struct wakeup_events *ret_events);

#endif

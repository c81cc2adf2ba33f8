/* SPDX-License-Identifier: MIT */
#ifndef QUEUE_HOLD_PACE_H
#define QUEUE_HOLD_PACE_H

/* Keeps to the number of messages that a provider accepts in a minute. */

#include <stddef.h>
#include <stdint.h>

enum {
	HOLD_PACE_MAX = 128 /* larger numbers are no limit */
};

struct hold_pace {
	size_t limit; /* messages in a minute; 0: none */
	int64_t passed_ms[HOLD_PACE_MAX];
	size_t next; /* where the oldest is */
};

void hold_pace_init(struct hold_pace *pace, unsigned limit);

/* Returns when the next message may be passed to a server; 0: at once. */
int64_t hold_pace_next_ms(const struct hold_pace *pace, int64_t now_ms);

/* One is passed on now. */
void hold_pace_count(struct hold_pace *pace, int64_t now_ms);

#endif

/* SPDX-License-Identifier: MIT */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

/*
 * Deadlines and dates. A deadline is a point in time on the monotonic clock, in
 * milliseconds, so that setting the clock does not move it. It covers a whole
 * operation, not each wait within it.
 */

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "base/error.h"

enum {
	CLOCK_DATE_SIZE =
	    64 /* bytes that clock_date may write, including the NUL */
};

/* Returns the current time on the monotonic clock. */
int64_t clock_now_ms(void);

/* Returns the milliseconds until the deadline, for poll(2); 0 if it has passed.
 */
int clock_left_ms(int64_t deadline_ms);

/* Return the earlier and the later of two deadlines. */
int64_t clock_earlier_ms(int64_t a_ms, int64_t b_ms);
int64_t clock_later_ms(int64_t a_ms, int64_t b_ms);

/* Sleeps until the deadline. Signals do not end the sleep early. */
void clock_sleep_until(int64_t deadline_ms);

/*
 * Whether to repeat an operation that cannot be done again later, after it has
 * failed: if there was no memory, waits a moment, for some seconds in all.
 * *attempt begins with 0.
 */
bool clock_await_memory(const struct error *failure, int *attempt);

/*
 * Formats a time for a Date field (RFC 5322 section 3.3), in local time, with
 * English names in any locale: "Fri, 20 Nov 2026 21:04:05 +0000".
 */
void clock_date(time_t moment, char out[CLOCK_DATE_SIZE]);

#endif

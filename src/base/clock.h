/* SPDX-License-Identifier: MIT */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

/*
 * Time. Deadlines are points on the monotonic clock, in milliseconds, so that a
 * clock set back can't stretch one; a deadline covers a whole operation, not
 * each of its waits.
 */

#include <stdint.h>
#include <time.h>

enum {
	CLOCK_DATE_SIZE = 64 /* bytes that clock_date may write, with NUL */
};

/* Now on the monotonic clock. */
int64_t clock_now_ms(void);

/* The milliseconds left until a deadline as poll(2) wants them, never below
 * 0. */
int clock_left_ms(int64_t deadline_ms);

/* The earlier of two deadlines. */
int64_t clock_earlier_ms(int64_t a_ms, int64_t b_ms);

/* Sleeps until the deadline; signals don't shorten it. */
void clock_sleep_until(int64_t deadline_ms);

/*
 * Writes a moment as RFC 5322 3.3 wants a Date field, in local time, with
 * English names in any locale: "Fri, 20 Nov 2026 21:04:05 +0000".
 */
void clock_date(time_t moment, char out[CLOCK_DATE_SIZE]);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * Reads the monotonic clock, waits, and formats dates.
 */
#include "base/clock.h"

#include <limits.h>
#include <stdio.h>

enum {
	MEMORY_PAUSE_MS = 100,
	MEMORY_ATTEMPTS = 50
};

int64_t
clock_now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int
clock_left_ms(int64_t deadline_ms)
{
	int64_t left = deadline_ms - clock_now_ms();

	return left <= 0 ? 0 : left > INT_MAX ? INT_MAX : (int)left;
}

int64_t
clock_earlier_ms(int64_t a_ms, int64_t b_ms)
{
	return a_ms < b_ms ? a_ms : b_ms;
}

int64_t
clock_later_ms(int64_t a_ms, int64_t b_ms)
{
	return a_ms > b_ms ? a_ms : b_ms;
}

void
clock_sleep_until(int64_t deadline_ms)
{
	int left;

	while ((left = clock_left_ms(deadline_ms)) > 0) {
		struct timespec rest = {.tv_sec = left / 1000,
		    .tv_nsec = (long)(left % 1000) * 1000000};

		nanosleep(&rest, NULL);
	}
}

bool
clock_await_memory(const struct error *failure, int *attempt)
{
	if (!error_is_shortage(failure->sys_errno) ||
	    ++*attempt > MEMORY_ATTEMPTS)
		return false;
	clock_sleep_until(clock_now_ms() + MEMORY_PAUSE_MS);
	return true;
}

void
clock_date(time_t moment, char out[CLOCK_DATE_SIZE])
{
	static const char days[][4] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri",
	    "Sat"};
	static const char months[][4] = {"Jan", "Feb", "Mar", "Apr", "May",
	    "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
	struct tm local;
	long offset;

	localtime_r(&moment, &local);
	offset = local.tm_gmtoff / 60;
	snprintf(out, CLOCK_DATE_SIZE,
	    "%s, %d %s %d %02d:%02d:%02d %c%02ld%02ld", days[local.tm_wday],
	    local.tm_mday, months[local.tm_mon], local.tm_year + 1900,
	    local.tm_hour, local.tm_min, local.tm_sec, offset < 0 ? '-' : '+',
	    (offset < 0 ? -offset : offset) / 60,
	    (offset < 0 ? -offset : offset) % 60);
}

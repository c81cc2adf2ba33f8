/* SPDX-License-Identifier: MIT */
/*
 * Formats points in time.
 */
#include "report/time.h"

#include <stdio.h>

void
time_utc(time_t moment, char out[TIME_UTC_SIZE])
{
	struct tm parts;

	if (gmtime_r(&moment, &parts) == NULL ||
	    strftime(out, TIME_UTC_SIZE, "%Y-%m-%dT%H:%M:%SZ", &parts) == 0)
		*out = '\0';
}

void
time_left(time_t moment, char out[TIME_LEFT_SIZE])
{
	static const struct {
		long seconds;
		const char *unit;
	} units[] = {{86400, "days"}, {3600, "h"}, {60, "min"}, {1, "s"}};
	long left = (long)(moment - time(NULL));

	snprintf(out, TIME_LEFT_SIZE, "0 s");
	for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
		if (left < 2 * units[i].seconds && units[i].seconds > 1)
			continue;
		if (left > 0)
			snprintf(out, TIME_LEFT_SIZE, "%ld %s",
			    left / units[i].seconds, units[i].unit);
		return;
	}
}

/* SPDX-License-Identifier: MIT */
#ifndef REPORT_TIME_H
#define REPORT_TIME_H

/* Formats points in time, for people and programs. */

#include <time.h>

enum {
	TIME_UTC_SIZE = 32, /* bytes that time_utc may write, with NUL */
	TIME_LEFT_SIZE = 32 /* and time_left */
};

/* Writes the time as in RFC 3339: "2026-11-20T21:04:05Z". */
void time_utc(time_t moment, char out[TIME_UTC_SIZE]);

/* Writes roughly how far in the future it is: "42 min"; "0 s" for the past. */
void time_left(time_t moment, char out[TIME_LEFT_SIZE]);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * Makes IDs, and knows their form: 8 digits for the seconds since 1970, 5 for
 * the microseconds, 3 at random for processes that share them.
 */
#include "spool/id.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

enum {
	SECOND_US = 1000000
};

void
spool_id_make(char ret_id[SPOOL_ID_SIZE])
{
	uint64_t now_us = spool_id_now_us();
	unsigned random = 0;

	if (getentropy(&random, sizeof random) == -1)
		random = (unsigned)getpid();
	snprintf(ret_id, SPOOL_ID_SIZE, "%08x%05x%03x",
	    (unsigned)(now_us / SECOND_US), (unsigned)(now_us % SECOND_US),
	    random & 0xFFF);
}

bool
spool_is_id(const char *text)
{
	return strlen(text) == SPOOL_ID_SIZE - 1 &&
	    strspn(text, "0123456789abcdef") == SPOOL_ID_SIZE - 1;
}

uint64_t
spool_id_time_us(const char *id)
{
	char seconds[9];
	char microseconds[6];

	if (!spool_is_id(id))
		return 0;
	snprintf(seconds, sizeof seconds, "%.8s", id);
	snprintf(microseconds, sizeof microseconds, "%.5s", id + 8);
	return (uint64_t)strtoul(seconds, NULL, 16) * SECOND_US +
	    strtoul(microseconds, NULL, 16);
}

uint64_t
spool_id_now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (uint64_t)now.tv_sec * SECOND_US + (uint64_t)now.tv_nsec / 1000;
}

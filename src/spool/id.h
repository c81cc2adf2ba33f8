/* SPDX-License-Identifier: MIT */
#ifndef SPOOL_ID_H
#define SPOOL_ID_H

/*
 * The ID of a queued message: hexadecimal digits for the time at which it was
 * made, so that IDs are in the order of time, and some at random.
 */

#include <stdbool.h>
#include <stdint.h>

enum {
	SPOOL_ID_SIZE = 17 /* with the NUL */
};

/* Makes an ID of the present time. Another process may have made the same. */
void spool_id_make(char ret_id[SPOOL_ID_SIZE]);

/* Whether a text has the form of an ID. */
bool spool_is_id(const char *text);

/* When an ID was made, in microseconds since 1970; 0 if it is none. */
uint64_t spool_id_time_us(const char *id);

/* The present time, as an ID would have it. */
uint64_t spool_id_now_us(void);

#endif

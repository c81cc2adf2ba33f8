/* SPDX-License-Identifier: MIT */
#ifndef CONFIG_SUGGESTION_H
#define CONFIG_SUGGESTION_H

/*
 * Finds the known name that a mistyped name is closest to, for hints such as
 * "did you mean ...?".
 */

#include <stddef.h>

struct suggestion {
	const char *wanted;
	const char *best; /* NULL if no name is close enough */
	size_t distance;
};

void suggestion_init(struct suggestion *suggestion, const char *wanted);

/* Compares a known name, which is borrowed. */
void suggestion_offer(struct suggestion *suggestion, const char *name);

/* Compares the local part of an address; if it is close, the whole address is
 * the known name. Does nothing if it has no "@". */
void suggestion_offer_address(struct suggestion *suggestion,
    const char *address);

#endif

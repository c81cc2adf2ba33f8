/* SPDX-License-Identifier: MIT */
#ifndef CONFIG_SUGGESTION_H
#define CONFIG_SUGGESTION_H

/*
 * "Did you mean ...?": the one of several known names that a mistyped one is
 * close to.
 */

#include <stddef.h>

struct suggestion {
	const char *wanted;
	const char *best; /* NULL: none was close enough */
	size_t distance;
};

void suggestion_init(struct suggestion *suggestion, const char *wanted);

/* Considers one known name, which is borrowed. */
void suggestion_offer(struct suggestion *suggestion, const char *name);

#endif

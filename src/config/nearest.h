/* SPDX-License-Identifier: MIT */
#ifndef CONFIG_NEAREST_H
#define CONFIG_NEAREST_H

/*
 * "Did you mean ...?": the one of several known names that a mistyped one is
 * close to.
 */

#include <stddef.h>

struct nearest {
	const char *wanted;
	const char *best; /* NULL: none was close enough */
	size_t distance;
};

void nearest_init(struct nearest *nearest, const char *wanted);

/* Considers one known name, which is borrowed. */
void nearest_offer(struct nearest *nearest, const char *name);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * Adds a random part to a time.
 */
#include "base/jitter.h"

#include <sys/random.h>
#include <unistd.h>

int64_t
jitter_add(int64_t wait)
{
	uint32_t random = 0;

	if (getentropy(&random, sizeof random) == -1)
		random = (uint32_t)getpid();
	return wait + (int64_t)(random % 1024) * (wait / 4) / 1024;
}

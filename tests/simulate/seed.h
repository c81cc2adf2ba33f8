/* SPDX-License-Identifier: MIT */
#ifndef TESTS_SEED_H
#define TESTS_SEED_H

/*
 * The choices of one run: pseudo-random numbers from a seed, or the bytes that
 * a fuzzer provides.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct seed {
	uint64_t state;
	const uint8_t *bytes; /* used instead, if not NULL; borrowed */
	size_t len;
};

void seed_init(struct seed *seed, uint64_t number);
void seed_init_bytes(struct seed *seed, const uint8_t *bytes, size_t len);

/* Returns a number from 0 to limit - 1; 0 when the bytes are used up. */
uint32_t seed_below(struct seed *seed, uint32_t limit);

/* Returns true in so many of a thousand cases; false when the bytes are used
 * up. */
bool seed_chance(struct seed *seed, uint32_t permille);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * Numbers by splitmix64, which needs no warming up.
 */
#include "seed.h"

static uint32_t next(struct seed *seed);

void
seed_init(struct seed *seed, uint64_t number)
{
	*seed = (struct seed){.state = number};
}

void
seed_init_bytes(struct seed *seed, const uint8_t *bytes, size_t len)
{
	*seed = (struct seed){.bytes = bytes, .len = len};
}

uint32_t
seed_below(struct seed *seed, uint32_t limit)
{
	return limit < 2 ? 0 : next(seed) % limit;
}

bool
seed_chance(struct seed *seed, uint32_t permille)
{
	return seed_below(seed, 1000) >= 1000 - permille;
}

static uint32_t
next(struct seed *seed)
{
	uint64_t mixed;

	if (seed->bytes != NULL) {
		uint32_t number = 0;

		for (int i = 0; i < 2 && seed->len > 0; i++, seed->len--)
			number = number << 8 | *seed->bytes++;
		return number;
	}
	mixed = seed->state += 0x9e3779b97f4a7c15U;
	mixed = (mixed ^ mixed >> 30) * 0xbf58476d1ce4e5b9U;
	mixed = (mixed ^ mixed >> 27) * 0x94d049bb133111ebU;
	return (uint32_t)((mixed ^ mixed >> 31) >> 16);
}

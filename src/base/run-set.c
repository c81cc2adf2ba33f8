/* SPDX-License-Identifier: MIT */
/*
 * A hash table of the runs. A run is one integer, so that equal integers are
 * equal runs.
 */
#include "base/run-set.h"

#include <stdlib.h>
#include <string.h>

#include "base/secret.h"

enum {
	SLOTS_MIN = 256 /* a power of two, like each later size */
};

static int run_set_grow(struct run_set *set);
static uint64_t *run_set_slot(const struct run_set *set, uint64_t run);
static uint64_t read_run(const char *text);

void
run_set_done(struct run_set *set)
{
	secret_wipe(set->slot, set->slot_count * sizeof *set->slot);
	free(set->slot);
	*set = (struct run_set){0};
}

int
run_set_add(struct run_set *set, const char *text, size_t len)
{
	for (size_t i = 0; i + RUN_SET_LEN <= len; i++) {
		uint64_t run = read_run(text + i);
		uint64_t *slot;

		if (set->run_count * 2 >= set->slot_count &&
		    run_set_grow(set) == -1)
			return -1;
		slot = run_set_slot(set, run);
		set->run_count += *slot == 0;
		*slot = run;
	}
	return 0;
}

bool
run_set_has(const struct run_set *set, const char *text)
{
	return set->run_count > 0 && *run_set_slot(set, read_run(text)) != 0;
}

static int
run_set_grow(struct run_set *set)
{
	struct run_set larger = {.run_count = set->run_count,
	    .slot_count =
		set->slot_count == 0 ? SLOTS_MIN : set->slot_count * 2};

	larger.slot = calloc(larger.slot_count, sizeof *larger.slot);
	if (larger.slot == NULL)
		return -1;
	for (size_t i = 0; i < set->slot_count; i++) {
		if (set->slot[i] != 0)
			*run_set_slot(&larger, set->slot[i]) = set->slot[i];
	}
	run_set_done(set);
	*set = larger;
	return 0;
}

/* Returns the slot that has the run, or the free one that it belongs in. At
 * least half of the slots are free. */
static uint64_t *
run_set_slot(const struct run_set *set, uint64_t run)
{
	size_t last = set->slot_count - 1;
	uint64_t hash = run * 0x9E3779B97F4A7C15U; /* Fibonacci hashing */
	size_t i = (size_t)(hash >> 32) & last;

	while (set->slot[i] != 0 && set->slot[i] != run)
		i = (i + 1) & last;
	return &set->slot[i];
}

static uint64_t
read_run(const char *text)
{
	uint64_t run;

	memcpy(&run, text, sizeof run);
	return run;
}

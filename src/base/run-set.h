/* SPDX-License-Identifier: MIT */
#ifndef BASE_RUN_SET_H
#define BASE_RUN_SET_H

/*
 * The runs of 8 characters that secrets consist of, so that finding one in a
 * text takes the same time however long the secrets are. For this layer only.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	RUN_SET_LEN = sizeof(uint64_t) /* characters of a run */
};

/* Starts as {0}. */
struct run_set {
	uint64_t *slot; /* a run in each, or 0; secret */
	size_t slot_count;
	size_t run_count;
};

/* Wipes the runs and frees. */
void run_set_done(struct run_set *set);

/* Adds every run of a text, which has no NUL. -1 when out of memory. */
int run_set_add(struct run_set *set, const char *text, size_t len);

/* Returns whether the RUN_SET_LEN characters at text are in the set. */
bool run_set_has(const struct run_set *set, const char *text);

#endif

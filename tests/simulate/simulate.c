/* SPDX-License-Identifier: MIT */
/*
 * simulate COUNT [FIRST]  runs COUNT seeds from FIRST (1) on
 * simulate --seed N       prints the dialogue of one
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "run.h"

enum {
	FAILURES_SHOWN = 10
};

static int replay(struct bench *bench, uint64_t number);
static int search(struct bench *bench, uint64_t first, uint64_t count);

int
main(int argc, char **argv)
{
	bool is_replay = argc == 3 && strcmp(argv[1], "--seed") == 0;
	struct bench *bench;
	int result;

	if (argc < 2 || argc > 3) {
		fprintf(stderr, "usage: simulate COUNT [FIRST] | --seed N\n");
		return 2;
	}
	bench = bench_new();
	result = is_replay
	    ? replay(bench, strtoull(argv[2], NULL, 10))
	    : search(bench, argc == 3 ? strtoull(argv[2], NULL, 10) : 1,
		  strtoull(argv[1], NULL, 10));
	bench_free(bench);
	return result;
}

static int
replay(struct bench *bench, uint64_t number)
{
	struct seed seed;
	const char *violation;

	seed_init(&seed, number);
	violation = bench_run(bench, &seed, true);
	printf("seed %" PRIu64 ": %s\n", number,
	    violation != NULL ? violation : "passed");
	return violation != NULL;
}

static int
search(struct bench *bench, uint64_t first, uint64_t count)
{
	uint64_t failed = 0;

	for (uint64_t number = first; number < first + count; number++) {
		struct seed seed;
		const char *violation;

		seed_init(&seed, number);
		violation = bench_run(bench, &seed, false);
		if (violation == NULL || failed++ >= FAILURES_SHOWN)
			continue;
		printf("seed %" PRIu64 ": %s\n"
		       "  to replay it: make simulate SEED=%" PRIu64 "\n",
		    number, violation, number);
		fflush(stdout);
	}
	printf("== simulate: %" PRIu64 " runs, %" PRIu64 " failed\n", count,
	    failed);
	return failed > 0;
}

/* SPDX-License-Identifier: MIT */
/*
 * Runs submissions with a simulated server, network, clock and disk:
 *
 *   simulate COUNT [FIRST]   that many seeds, from FIRST (1)
 *   simulate --seed SEED     one seed, printing its dialogue
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/text.h"

#include "client.h"
#include "memory.h"
#include "network.h"
#include "verdict.h"

static uint64_t current_seed;
static bool is_shown;
static FILE *output, *errors; /* stdout and stderr may be the client's */

/* A library may keep what it allocates the first time, but no more. */
static void
run_seed(uint64_t number)
{
	size_t used;
	int rounds = 0;

	current_seed = number;
	do {
		struct seed seed;

		used = memory_used();
		seed_init(&seed, number);
		client_run(&seed);
	} while (memory_used() != used && ++rounds < 3);
	if (memory_used() != used)
		verdict_violation("%zu bytes not freed", memory_used() - used);
}

void
verdict_violation(const char *format, ...)
{
	va_list args;

	fflush(output);
	fprintf(errors,
	    "simulate: seed %llu: ", (unsigned long long)current_seed);
	va_start(args, format);
	vfprintf(errors, format, args);
	va_end(args);
	fprintf(errors, "\nthe dialogue: make simulate SEED=%llu\n",
	    (unsigned long long)current_seed);
	exit(1);
}

bool
verdict_is_shown(void)
{
	return is_shown;
}

void
verdict_note(const char *side, const char *format, ...)
{
	va_list args;

	if (!is_shown)
		return;
	fprintf(output, "%10.3f %-10s ", (double)network_now_us() / 1e6, side);
	va_start(args, format);
	vfprintf(output, format, args);
	va_end(args);
	fputc('\n', output);
}

void
verdict_bytes(const char *side, const char *bytes, size_t len)
{
	char text[256];

	if (!is_shown)
		return;
	while (len > 0 && (bytes[len - 1] == '\n' || bytes[len - 1] == '\r'))
		len--;
	text_printable(text, sizeof text, bytes, len);
	verdict_note(side, "%s", text);
}

int
main(int argc, char **argv)
{
	static char buffer[4096];
	uint64_t count;
	uint64_t first;
	clock_t start = clock();
	double seconds;

	output = stdout;
	errors = stderr;
	is_shown = argc == 3 && strcmp(argv[1], "--seed") == 0;
	if (argc < 2 || argc > 3) {
		fprintf(stderr,
		    "usage: simulate COUNT [FIRST] | --seed SEED\n");
		return 2;
	}
	count = is_shown ? 1 : strtoull(argv[1], NULL, 10);
	first = argc == 3 ? strtoull(argv[2], NULL, 10) : 1;
	if (is_shown) /* its buffer is none of the client's */
		setvbuf(stdout, buffer, _IOFBF, sizeof buffer);
	client_set_up();
	for (uint64_t i = 0; i < count; i++)
		run_seed(first + i);
	client_tear_down();
	seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
	printf("simulate: %llu seeds, %.1f s, %.0f us each: all promises "
	       "held\n",
	    (unsigned long long)count, seconds, seconds * 1e6 / (double)count);
	return 0;
}

/* SPDX-License-Identifier: MIT */
#ifndef TESTS_RUN_H
#define TESTS_RUN_H

/*
 * One simulated run: a message is sent by the code of submit/ and smtp/ through
 * a simulated network to a simulated server, and what the client reports is
 * compared with what the server did.
 */

#include <stdbool.h>

#include "seed.h"

struct bench;

/* Prepares the accounts and messages of all runs. Ends the program if that
 * fails. */
struct bench *bench_new(void);
void bench_free(struct bench *bench);

/*
 * Makes all choices of one run by the seed. Returns NULL, or what went wrong,
 * which is valid until the next run. With trace, prints the dialogue.
 */
const char *bench_run(struct bench *bench, struct seed *seed, bool trace);

#endif

/* SPDX-License-Identifier: MIT */
#ifndef TESTS_CLIENT_H
#define TESTS_CLIENT_H

/*
 * One run: the real submission of a message, with an account, a message and a
 * server that the seed chooses, and the check of everything promised.
 */

#include <stdbool.h>

#include "seed.h"

/* Makes what all runs share. */
void client_set_up(void);
void client_tear_down(void);

void client_run(struct seed *seed);

/* A line for syslog. */
void client_log(const char *line);

/* Returns whether this error gets a diagnosis: its table takes long to parse.
 */
bool client_wants_diagnosis(void);

#endif

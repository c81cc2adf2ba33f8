/* SPDX-License-Identifier: MIT */
#ifndef TESTS_SIGNAL_ARRIVAL_H
#define TESTS_SIGNAL_ARRIVAL_H

/* A signal that arrives in some runs while base/interruption.h delays it. */

#include <stdint.h>

/* A run begins. */
void signal_init(void);

/* Returns when the signal arrives, in simulated time. */
int64_t signal_due_ms(void);

#endif

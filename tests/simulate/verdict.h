/* SPDX-License-Identifier: MIT */
#ifndef TESTS_VERDICT_H
#define TESTS_VERDICT_H

/*
 * Where a run reports what it sees: a violation ends the program with the seed
 * to replay; the dialogue is printed with the simulated time if it is wanted.
 */

#include <stdbool.h>
#include <stddef.h>

/* Reports that a promise does not hold, and does not return. */
_Noreturn void verdict_violation(const char *format, ...)
    __attribute__((format(printf, 1, 2)));

/* Returns whether the dialogue is printed. */
bool verdict_is_shown(void);

/* Prints a line of the dialogue: side names who did something. */
void verdict_note(const char *side, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void verdict_bytes(const char *side, const char *bytes, size_t len);

#endif

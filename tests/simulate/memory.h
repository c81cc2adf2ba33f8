/* SPDX-License-Identifier: MIT */
#ifndef TESTS_MEMORY_H
#define TESTS_MEMORY_H

/* Counts the bytes that are allocated. Under a sanitizer it counts nothing. */

#include <stddef.h>

/* The bytes that are allocated now, and the most since memory_reset. */
size_t memory_used(void);
size_t memory_peak(void);
void memory_reset(void);

#endif

/* SPDX-License-Identifier: MIT */
#ifndef BASE_JITTER_H
#define BASE_JITTER_H

/* Times to wait that differ, so that programs that failed together do not try
 * again together. */

#include <stdint.h>

/* Returns the time, in whatever unit, with up to a quarter more. */
int64_t jitter_add(int64_t wait);

#endif

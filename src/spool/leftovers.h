/* SPDX-License-Identifier: MIT */
#ifndef SPOOL_LEFTOVERS_H
#define SPOOL_LEFTOVERS_H

/* What processes that were killed have left in the queue. For this layer only.
 */

#include "spool/spool.h"

/* Removes it. Ignores failures: the next run tries again. */
void spool_remove_leftovers(const struct spool *spool);

#endif

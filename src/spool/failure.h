/* SPDX-License-Identifier: MIT */
#ifndef SPOOL_FAILURE_H
#define SPOOL_FAILURE_H

/* Failures of system calls for the queue. For this layer only. */

#include "spool/spool.h"

/* Sets ERROR_CREATE with the path of the queue, from errno. Returns -1. */
int spool_failed(const struct spool *spool, struct error *err);

/* Adds the hint for err->sys_errno, if there is one. Returns -1. */
int spool_failed_hint(struct error *err);

#endif

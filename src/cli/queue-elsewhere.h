/* SPDX-License-Identifier: MIT */
#ifndef CLI_QUEUE_ELSEWHERE_H
#define CLI_QUEUE_ELSEWHERE_H

/* Another queue of the user, in a home directory that $HOME does not name. */

#include "spool/spool.h"

/* Warns a user at a terminal of messages that wait in the home directory of the
 * user database, if spool is in another one. */
void queue_elsewhere_warn(const struct spool *spool);

#endif

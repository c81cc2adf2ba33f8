/* SPDX-License-Identifier: MIT */
#ifndef BASE_PROCESS_H
#define BASE_PROCESS_H

/* The state in which every program of postrider starts. */

#include "base/error.h"

/*
 * Makes the process independent of what its caller left behind. To be called
 * first in main:
 *
 * - No core file and no debugger of the same user gets at its memory.
 * - SIGCHLD has its default action and no signal is blocked, so that children
 *   can be waited for; SIGPIPE and SIGXFSZ are errors of a write instead.
 *   Other ignored signals stay ignored (nohup(1)).
 * - The standard descriptors are open: a file opened later would otherwise take
 *   the place of one, and receive what is meant for a terminal.
 *
 * ERROR_SYSTEM when a descriptor can't be opened, and when the program has
 * privileges that its caller lacks (setuid, setgid, file capabilities): it
 * trusts its environment and isn't written for that.
 */
int process_start(struct error *err);

/*
 * Has the system kill this process when the one that started it dies, where it
 * can (Linux): for work of no use without the other process. A process that
 * died before the call isn't noticed.
 */
void process_end_with_parent(void);

#endif

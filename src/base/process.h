/* SPDX-License-Identifier: MIT */
#ifndef BASE_PROCESS_H
#define BASE_PROCESS_H

/* Prepares a process at the beginning of main. */

#include <stdbool.h>

#include "base/error.h"

/*
 * Brings the process into a known state, whatever the caller left. Call it
 * first in main:
 *
 * - Core dumps are disabled; other processes of the user cannot attach.
 * - SIGCHLD has its default action and no signal is blocked, so that the
 * process can wait for children. SIGPIPE and SIGXFSZ are ignored, so that
 * write(2) fails instead. Other ignored signals stay ignored (nohup(1)).
 * - The standard descriptors are open (file_open_standard).
 *
 * ERROR_SYSTEM if a descriptor cannot be opened, or if the program has more
 * privileges than its caller (setuid, setgid, file capabilities): it trusts its
 * environment, so that would be unsafe.
 */
int process_start(struct error *err);

/* Whether the program has more privileges than its caller. */
bool process_is_privileged(void);

/*
 * Has the system kill this process when the one that started it dies, where it
 * can (Linux): for work of no use without the other process. A process that
 * died before the call isn't noticed.
 */
void process_end_with_parent(void);

/* Whether programs can show windows to the user. */
bool process_has_display(void);

#endif

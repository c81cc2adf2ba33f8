/* SPDX-License-Identifier: MIT */
#ifndef BASE_LAUNCHER_H
#define BASE_LAUNCHER_H

/*
 * Starts programs for a process in a sandbox, which cannot execute any itself.
 * A process forked before the sandbox is entered starts them, and only those
 * that were registered before; they become children of the caller.
 */

#include <stdbool.h>

#include "base/error.h"
#include "base/spawn.h"

struct launcher;

/* NULL on failure: ERROR_SYSTEM. */
struct launcher *launcher_new(struct error *err);

/* Lets the process end; does not wait for it, which would cost time. Accepts
 * NULL. */
void launcher_free(struct launcher *launcher);

/* Returns whether any command is registered that is not SPAWN_DETACHED, so that
 * it may have to be ended. launcher may be NULL. */
bool launcher_has_children(const struct launcher *launcher);

/* Starts the process if any command is registered; where processes cannot be
 * started for their parent (Linux only), does nothing. ERROR_SYSTEM. */
int launcher_run(struct launcher *launcher, struct error *err);

/*
 * As spawn_start_in, whose contract holds, or spawn_start if environment is
 * NULL. Registers the command before the process runs; afterwards lets the
 * process start it, with the environment that was registered: ERROR_BUG for
 * another command. Of the flags, those for pipes and SPAWN_MAY_FINISH are
 * supported, and SPAWN_DETACHED for a program that detaches itself; standard
 * descriptors without a pipe are /dev/null. With SPAWN_NOT_NOW the command is
 * registered but not started. launcher may be NULL.
 */
int launcher_spawn(struct launcher *launcher, struct spawn_child *child,
    char *const argv[], char *const environment[], unsigned flags,
    struct error *err);

#endif

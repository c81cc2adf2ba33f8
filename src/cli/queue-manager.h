/* SPDX-License-Identifier: MIT */
#ifndef CLI_QUEUE_MANAGER_H
#define CLI_QUEUE_MANAGER_H

/* The user's service manager, systemd --user, by the program systemctl. */

#include <stdbool.h>

/* Has it read all units anew. Returns whether it answered: there is none where
 * the user isn't logged in, as in a container. */
bool queue_manager_reload(void);

/* Enables and starts the timer, or disables and stops it. Returns whether that
 * succeeded; systemctl has explained a failure. */
bool queue_manager_enable(bool is_enabled);

/* Whether the manager runs while the user isn't logged in. */
bool queue_manager_is_permanent(void);

#endif

/* SPDX-License-Identifier: MIT */
#ifndef SUBMIT_QUEUE_TIMER_H
#define SUBMIT_QUEUE_TIMER_H

/* What starts the program that sends the queue although no message is queued: a
 * systemd timer of the user, or cron. "postrider queue install" installs it. */

#include <stdbool.h>

#include "base/error.h"

#define QUEUE_TIMER_SERVICE "postrider-queue.service"
#define QUEUE_TIMER_NAME "postrider-queue.timer"

/* Whether systemd is the service manager of this system. */
bool queue_timer_has_systemd(void);

/* The path of a file in the user's directory for units, which need not exist.
 * NULL as paths_config. The caller frees. */
char *queue_timer_path(const char *name, struct error *err);

/*
 * Whether the timer is enabled, or a line of the user's crontab starts the
 * program. Runs crontab if there is no timer; waits for it at most 5 seconds.
 */
bool queue_timer_is_installed(void);

#endif

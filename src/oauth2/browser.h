/* SPDX-License-Identifier: MIT */
#ifndef OAUTH2_BROWSER_H
#define OAUTH2_BROWSER_H

/*
 * Opens a URL in the user's browser (RFC 8252 4.1).
 */

#include <stdbool.h>
#include <sys/types.h>

/*
 * Opens a URL in the first browser that starts. The candidates are those of
 * $BROWSER, a colon-separated list of commands with arguments in which "%s"
 * stands for the URL, or else the desktop's openers. The browser runs detached
 * and silent, without POSTRIDER_PASSWORD in its environment. Returns false if
 * none starts. The caller passes *ret_pid to browser_release.
 */
bool browser_open(const char *url, pid_t *ret_pid);

/* Reaps the process if it has ended, as xdg-open soon does. A browser that is
 * still running is left alone. */
void browser_release(pid_t pid);

#endif

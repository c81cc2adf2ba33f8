/* SPDX-License-Identifier: MIT */
#ifndef OAUTH2_BROWSER_H
#define OAUTH2_BROWSER_H

/*
 * The person's own browser (RFC 8252 4.1), which is started and left alone.
 */

#include <stdbool.h>
#include <sys/types.h>

/*
 * Opens a URL in the first browser that can be started: of $BROWSER, a list
 * with colons of commands with blanks, where "%s" stands for the URL, else of
 * the desktop. It is detached, silent, and doesn't inherit POSTRIDER_PASSWORD.
 * False when there is none. *ret_pid is for browser_release.
 */
bool browser_open(const char *url, pid_t *ret_pid);

/* Buries the process if it has ended (xdg-open does so soon), and forgets it:
 * a browser lives on without us. */
void browser_release(pid_t pid);

#endif

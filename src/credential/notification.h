/* SPDX-License-Identifier: MIT */
#ifndef CREDENTIAL_NOTIFICATION_H
#define CREDENTIAL_NOTIFICATION_H

/* Tells the user of something on the desktop, if there is one. */

/*
 * Has postrider-credential show a notification, and doesn't wait for it. The
 * texts are UTF-8 without markup and must contain no secret: the service may
 * keep and show them on a locked screen. The body may have several lines. Only
 * the first KEEPER_NOTIFICATION_MAX bytes of both are used. Failures are
 * ignored, so what matters must be said elsewhere, too. Starts a process: not
 * for a process in the sandbox.
 */
void keeper_notify(const char *summary, const char *body);

enum {
	KEEPER_NOTIFICATION_MAX = 2048
};

#endif

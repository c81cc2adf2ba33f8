/* SPDX-License-Identifier: MIT */
#ifndef VAULT_NOTIFICATION_H
#define VAULT_NOTIFICATION_H

/* Notifications of the desktop
 * (https://specifications.freedesktop.org/notification-spec). */

#include "base/error.h"

/*
 * Shows a notification. Both texts are plain, printable UTF-8; the body may
 * have several lines. Waits no longer than KEYRING_LIMIT_MS (vault/keyring.h).
 * ERROR_REFUSED if there is no session bus or no service that shows
 * notifications; ERROR_TEMPORARY if the service doesn't answer, or fails;
 * ERROR_CONFIG in a build without libsecret.
 */
int notification_show(const char *summary, const char *body, struct error *err);

#endif

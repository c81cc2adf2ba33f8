/* SPDX-License-Identifier: MIT */
#ifndef VAULT_BUS_H
#define VAULT_BUS_H

/*
 * Where the user's D-Bus session is. A program that cron starts isn't told.
 */

#include "base/error.h"

/*
 * Makes sure that DBUS_SESSION_BUS_ADDRESS names a bus: the one announced, else
 * the user's socket in $XDG_RUNTIME_DIR or /run/user/UID. ERROR_KEYRING when
 * there is none; a bus is never started, as libdbus would.
 */
int bus_find(struct error *err);

#endif

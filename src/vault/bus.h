/* SPDX-License-Identifier: MIT */
#ifndef VAULT_BUS_H
#define VAULT_BUS_H

/*
 * Finds the user's D-Bus session bus, also for a program that cron starts
 * without its address. For this layer only.
 */

#include "base/error.h"

/*
 * Sets DBUS_SESSION_BUS_ADDRESS, unless it names a bus, to the user's socket in
 * $XDG_RUNTIME_DIR or /run/user/UID. ERROR_KEYRING when there is none; never
 * starts a bus.
 */
int bus_find(struct error *err);

#endif

/* SPDX-License-Identifier: MIT */
#ifndef SUBMIT_CONFINEMENT_H
#define SUBMIT_CONFINEMENT_H

/*
 * Puts the process into a sandbox before it talks to a server, so that a server
 * that takes it over gains little.
 */

#include "base/launcher.h"
#include "base/sandbox.h"
#include "config/account.h"

/*
 * Enters a sandbox that permits a session for the account and, if log_path is
 * not NULL, appending to that file, which is created if missing; and, if
 * state_path is not NULL, changing files in that directory. Commands that
 * were registered with launcher, which may be NULL, can still be started by it.
 * Cannot fail: ret_sandbox has what is active.
 */
void confine(const struct account *account, struct launcher *launcher,
    const char *log_path, const char *state_path, struct sandbox *ret_sandbox);

/*
 * Gives up what only the lookup of the server's name and the system log, which
 * is already open, need. Call it when confine has been called and the addresses
 * are known. Does nothing if the session may need Kerberos.
 */
void confine_to_server(const struct account *account,
    const struct sandbox *sandbox);

#endif

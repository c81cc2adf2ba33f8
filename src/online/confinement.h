/* SPDX-License-Identifier: MIT */
#ifndef ONLINE_CONFINEMENT_H
#define ONLINE_CONFINEMENT_H

/*
 * Puts the process into a sandbox before it talks to an endpoint, so that a
 * server that takes it over reaches neither the session bus nor stored
 * credentials.
 */

#include <stdbool.h>

#include "config/account.h"

/*
 * Enters a sandbox that permits requests for the account: no file can be
 * written; in the home directory and in credential-folder only the files can be
 * read that the account names. needs_unix: Unix sockets stay permitted, which
 * resolver modules for local names use. Removes what leads to the session bus
 * and to agents from the environment. Does nothing if the account uses a
 * PKCS#11 token, whose module may need anything.
 */
void confine_operation(const struct account *account, bool needs_unix);

#endif

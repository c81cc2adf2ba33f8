/* SPDX-License-Identifier: MIT */
#ifndef CLI_SERVE_PROCESS_H
#define CLI_SERVE_PROCESS_H

/*
 * The processes of sendmail -bs. A process that has signed in with one account
 * is in a sandbox, and can't use another: a message from another account is
 * left to a new process, and so is the next one when the session has ended.
 */

#include "base/error.h"
#include "server/dialogue.h"

/*
 * Calls run in processes of their own, one after the other, until one leaves
 * handover empty. Returns the exit status that the last call returned; 128 plus
 * the number of the signal that ended it. SIGHUP, SIGINT and SIGTERM are passed
 * on. -1: ERROR_SYSTEM.
 */
int serve_in_processes(int (*run)(void *context,
			   struct server_handover *handover),
    void *context, struct error *err);

#endif

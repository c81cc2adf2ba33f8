/* SPDX-License-Identifier: MIT */
#ifndef QUEUE_HOLD_H
#define QUEUE_HOLD_H

/*
 * Holding sessions for an account: one process accepts clients, and passes each
 * to another process, which holds a session with the server and sends the
 * client's message.
 */

#include <stdbool.h>

#include "base/error.h"
#include "submit/route.h"

/*
 * The operation "hold" of postrider-queue: listens, detaches itself, and serves
 * clients until none has come for as long as the account says. Returns 0, also
 * if another process serves them; -1: ERROR_USAGE, ERROR_CONFIG, ERROR_CREATE,
 * ERROR_SYSTEM.
 */
int hold(int argc, char *const argv[], struct error *err);

/* Serves the clients that connect to listener, until none has come for that
 * long, and closes it. A signal ends it after the messages that are being sent.
 */
void hold_supervise(const struct route *route, int listener);

/*
 * Serves the clients that come through the channel fd, one after the other, in
 * one session, until it is closed or the session has ended. The process may be
 * confined afterwards. has_sent: the account has sent a message before.
 */
void hold_work(const struct route *route, int fd, bool has_sent);

#endif

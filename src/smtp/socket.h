/* SPDX-License-Identifier: MIT */
#ifndef SMTP_SOCKET_H
#define SMTP_SOCKET_H

/* Waiting for a socket, without letting the other side wait for us. */

#include <stdint.h>

#include "base/error.h"

/*
 * Waits until fd is ready for events (poll(2)). ERROR_TEMPORARY when it isn't
 * by the deadline: peer and doing say who is waited for, and for what.
 */
int socket_wait(int fd, short events, int64_t deadline_ms, const char *peer,
    const char *doing, struct error *err);

#endif

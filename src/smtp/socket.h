/* SPDX-License-Identifier: MIT */
#ifndef SMTP_SOCKET_H
#define SMTP_SOCKET_H

/* Waits for a descriptor, and acknowledges what arrived before. */

#include <stdint.h>

#include "base/error.h"

/*
 * Waits until fd is ready for events (poll(2)). ERROR_TEMPORARY if it isn't by
 * the deadline, or when a signal arrives (base/interruption.h). The message
 * names the peer and, by doing, what is awaited.
 */
int socket_wait(int fd, short events, int64_t deadline_ms, const char *peer,
    const char *doing, struct error *err);

#endif

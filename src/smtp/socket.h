/* SPDX-License-Identifier: MIT */
#ifndef SMTP_SOCKET_H
#define SMTP_SOCKET_H

/*
 * Waits for a descriptor, and acknowledges what arrived before; knows what has
 * not arrived yet at the other side.
 */

#include <stdint.h>

#include "base/error.h"

/*
 * Waits until fd is ready for events (poll(2)). ERROR_TEMPORARY if it isn't by
 * the deadline, or when a signal arrives (base/interruption.h). The message
 * names the peer and, by doing, what is awaited.
 */
int socket_wait(int fd, short events, int64_t deadline_ms, const char *peer,
    const char *doing, struct error *err);

/* Returns how many bytes were sent to fd but not acknowledged by the peer; 0
 * where that cannot be known. */
uint64_t socket_unsent(int fd);

#endif

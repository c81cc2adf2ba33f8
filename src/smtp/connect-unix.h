/* SPDX-License-Identifier: MIT */
#ifndef SMTP_CONNECT_UNIX_H
#define SMTP_CONNECT_UNIX_H

/* Connects to a server on this computer. */

#include <stdint.h>

#include "base/error.h"
#include "smtp/transcript.h"

/*
 * Connects to the Unix socket at path. Returns a non-blocking, close-on-exec
 * socket, or -1: ERROR_TEMPORARY, or ERROR_CONFIG if this user may not.
 */
int connect_to_unix(const char *path, int64_t deadline_ms,
    const struct transcript *transcript, struct error *err);

#endif

/* SPDX-License-Identifier: MIT */
#ifndef REPORT_OUTPUT_H
#define REPORT_OUTPUT_H

/*
 * Writes to standard output and standard error, but gives up if nothing reads
 * them: a pipe to a program that hangs, or a terminal that is stopped. Neither
 * may stop a message.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Writes all bytes to fd. Waits for room until the deadline, or until a signal
 * arrives that base/interruption.h delays. -1 with errno on failure; EAGAIN if
 * there was no room.
 */
int output_write(int fd, const char *bytes, size_t len, int64_t deadline_ms);

/* Writes a formatted text in the same way, but at most some thousand bytes. */
int output_format(int fd, int64_t deadline_ms, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Waits in the same way until fd has room. Returns false if it has none; true
 * also if a write will fail. */
bool output_has_room(int fd, int64_t deadline_ms);

#endif

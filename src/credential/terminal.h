/* SPDX-License-Identifier: MIT */
#ifndef CREDENTIAL_TERMINAL_H
#define CREDENTIAL_TERMINAL_H

/* Reads a line or a key from the terminal (/dev/tty), not from standard input.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/secret.h"

/*
 * Writes the question to /dev/tty and adds the line that the user enters to
 * answer, which may stay empty. Unless is_echoed, echo is off meanwhile; it is
 * restored even if a signal ends or stops the process. ERROR_INPUT if there is
 * no terminal (with the system's error) or its input has ended; ERROR_AUTH if a
 * signal interrupted the prompt.
 */
int terminal_ask(const char *question, bool is_echoed, struct secret *answer,
    struct error *err);

/* The same, with ERROR_TEMPORARY at the deadline (base/clock.h). */
int terminal_ask_until(const char *question, bool is_echoed,
    int64_t deadline_ms, struct secret *answer, struct error *err);

/*
 * As terminal_ask for y or yes; *ret_is_yes is false for any other answer, and
 * is_yes_by_default for an empty one.
 */
int terminal_ask_yes(const char *question, bool is_yes_by_default,
    bool *ret_is_yes, struct error *err);

/*
 * As terminal_ask for a single key, which need not be followed by Return and is
 * displayed. Return itself is '\n'. Input that follows at once is discarded.
 */
int terminal_ask_key(const char *question, char *ret_key, struct error *err);

#endif

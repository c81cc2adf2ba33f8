/* SPDX-License-Identifier: MIT */
#ifndef CREDENTIAL_PROGRAM_ERROR_H
#define CREDENTIAL_PROGRAM_ERROR_H

/* Searches the standard error of a program. For program*.c only. */

#include <stdbool.h>

#include "base/buf.h"

/* The prefix of a line that only extends the deadline. */
#define PROGRAM_ERROR_WAIT "wait: "

/*
 * Finds the last line that begins with prefix and has text after it. With an
 * empty prefix, lines with PROGRAM_ERROR_WAIT are ignored. Returns false if
 * there is none.
 */
bool program_error_find(const struct buf *text, const char *prefix,
    const char **ret_line, int *ret_len);

#endif

/* SPDX-License-Identifier: MIT */
#ifndef CLI_CHECK_LINE_H
#define CLI_CHECK_LINE_H

/* Prints the lines of a check: mark, label, time, text. */

#include <stdint.h>

enum {
	CHECK_NO_TIME = -1,
	CHECK_LINE_SIZE = 1024
};

enum check_mark {
	CHECK_PLAIN, /* neither good nor bad */
	CHECK_OK,
	CHECK_WARNING,
	CHECK_FAILED
};

/*
 * Prints one step on standard output, and flushes it. The text is made
 * printable and wrapped in its column. An empty label continues the step above.
 */
void check_line(enum check_mark mark, const char *label, int64_t ms,
    const char *format, ...) __attribute__((format(printf, 4, 5)));

/* Prints a command line under the step above, not wrapped, so that it can be
 * copied. */
void check_line_command(const char *command);

#endif

/* SPDX-License-Identifier: MIT */
#ifndef REPORT_PROGRESS_H
#define REPORT_PROGRESS_H

/*
 * The line on a terminal that shows how much has been sent. It is
 * overwritten while it changes, and erased at the end.
 */

#include <stdbool.h>
#include <stddef.h>

#include "smtp/progress.h"

struct progress_line {
	size_t shown; /* columns that are on the terminal now */
};

/*
 * Shows the progress on standard error; NULL erases the line. Returns false,
 * and shows nothing, if standard error is not a terminal or the process is in
 * the background.
 */
bool progress_line_show(struct progress_line *line,
    const struct smtp_progress *progress);

/* The same with a text. */
bool progress_line_text(struct progress_line *line, const char *text);

/* Whether a line can be shown. */
bool progress_line_is_possible(void);

#endif

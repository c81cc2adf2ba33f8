/* SPDX-License-Identifier: MIT */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

/*
 * What the user sees: nothing on success, an error and a hint on failure.
 * Errors are printed here only.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "report/progress.h"
#include "report/report-options.h"
#include "submit/delivery.h"
#include "smtp/transcript.h"

struct report {
	bool json;
	bool verbose;
	bool has_times; /* of each line and step */
	bool quiet;
	int64_t started_ms;
	int64_t line_ms; /* when the last line of the dialogue was printed */
	struct progress_line progress;
	int64_t deadline_ms; /* of the run */
	unsigned lines_lost; /* of -v: standard error was not read */
};

/* There is no deadline. */
void report_init(struct report *report, struct report_options options);

/* Writes the session to standard error with -v, and nowhere without. */
struct transcript report_transcript(struct report *report);

/* Prints an error; returns its exit status. */
int report_failure(const struct report *report, const struct error *err);

/* Prints an error as text, whatever the options; returns its exit status. */
int report_error(const struct error *err);

/* Prints a warning as text. In a session (report is not NULL) it is lost if
 * standard error is not read for a second. */
void report_warning(const struct report *report, const struct error *warning);

/* Reports to -v and the log that a try failed and when the next one follows. */
void report_retry(struct report *report, const struct delivery *delivery,
    const struct error *cause, int64_t delay_ms);

/*
 * Reports the outcome of a delivery, first to the log. What is not read by the
 * deadline is lost. Returns the exit status of the most serious failure.
 */
int report_outcome(struct report *report, const struct delivery *delivery);

#endif

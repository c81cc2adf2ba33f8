/* SPDX-License-Identifier: MIT */
#ifndef CLI_REPORT_H
#define CLI_REPORT_H

/*
 * What the user sees. Success is silent; a failure is one line on standard
 * error, and one with the way out. The only place that prints errors.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "cli/json.h"
#include "cli/options.h"
#include "cli/submission.h"
#include "smtp/transcript.h"

struct report {
	bool json;
	bool verbose;
	bool quiet;
	int64_t started_ms;
};

void report_init(struct report *report, const struct options *options);

/* Where the dialogue goes: to standard error under -v, else nowhere. */
struct transcript report_transcript(struct report *report);

/* Prints an error; returns its exit status. */
int report_failure(const struct report *report, const struct error *err);

/* The same where there are no options yet. */
int report_error(const struct error *err);

/* Adds the member "error" to an object, unless there is none to tell. */
void report_add_error(struct json *json, const struct error *err);

/* Tells -v and the log that there will be another try, and when. */
void report_retry(const struct report *report,
    const struct submission *submission, const struct error *cause,
    int64_t delay_ms);

/*
 * Reports what became of a submission, to the log too; returns the exit status:
 * that of the gravest outcome.
 */
int report_outcome(const struct report *report,
    const struct submission *submission);

#endif

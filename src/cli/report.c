/* SPDX-License-Identifier: MIT */
/*
 * Words for people and programs. Decides nothing.
 */
#include "cli/report.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "cli/json.h"
#include "cli/log.h"

static void on_line(void *context, enum transcript_side side, const char *text);
static void print_error(const char *about, const struct error *err,
    bool with_hint);
static size_t count_accepted(const struct submission *submission);
static bool all_alike(const struct submission *submission);
static void print_outcomes(const struct submission *submission);
static void print_json(const struct submission *submission);

void
report_init(struct report *report, const struct options *options)
{
	*report = (struct report){.json = options->json,
	    .verbose = options->verbose,
	    .quiet = options->quiet,
	    .started_ms = clock_now_ms()};
}

struct transcript
report_transcript(struct report *report)
{
	return (struct transcript){.line = report->verbose ? on_line : NULL,
	    .context = report};
}

int
report_failure(const struct report *report, const struct error *err)
{
	struct json json = {.out = stdout};

	if (!report->quiet)
		print_error(NULL, err, true);
	if (report->json) {
		json_open(&json, NULL, '{');
		json_text(&json, "status", "failed");
		json_number(&json, "exit_status", error_exit_status(err->code));
		report_add_error(&json, err);
		json_close(&json, '}');
		json_end(&json);
	}
	return error_exit_status(err->code);
}

int
report_error(const struct error *err)
{
	print_error(NULL, err, true);
	return error_exit_status(err->code);
}

void
report_add_error(struct json *json, const struct error *err)
{
	if (err->code == ERROR_NONE)
		return;
	json_open(json, "error", '{');
	json_text(json, "code", error_code_name(err->code));
	json_bool(json, "temporary", error_is_temporary(err->code));
	if (err->reply_code != 0)
		json_number(json, "reply_code", err->reply_code);
	if (err->enhanced_code[0] != '\0')
		json_text(json, "enhanced_code", err->enhanced_code);
	json_text(json, "message", err->message);
	if (err->hint[0] != '\0')
		json_text(json, "hint", err->hint);
	json_close(json, '}');
}

void
report_retry(const struct report *report, const struct submission *submission,
    const struct error *cause, int64_t delay_ms)
{
	struct error err;

	if (report->verbose)
		fprintf(stderr,
		    "postrider: try %u of %u failed: %s; again in %.1f s\n",
		    submission->tries,
		    1 + account_number(submission->account, SETTING_RETRIES),
		    cause->message, (double)delay_ms / 1000);
	if (log_retry(submission, cause, &err) == -1)
		print_error("the log", &err, true);
}

int
report_outcome(const struct report *report, const struct submission *submission)
{
	const struct error *worst = submission_worst(submission);
	struct error err;

	if (!report->quiet && submission->duplicate_possible)
		fprintf(stderr,
		    "postrider: the answer to the message was lost, so it "
		    "was sent again with the same Message-ID: a duplicate is "
		    "possible\n");
	if (!report->quiet && worst->code != ERROR_NONE)
		print_outcomes(submission);
	if (report->json)
		print_json(submission);
	if (log_outcome(submission, &err) == -1)
		print_error("the log", &err, true);
	return error_exit_status(worst->code);
}

static void
on_line(void *context, enum transcript_side side, const char *text)
{
	static const char marks[] = {[TRANSCRIPT_CLIENT] = '>',
	    [TRANSCRIPT_SERVER] = '<',
	    [TRANSCRIPT_NOTE] = '*'};
	const struct report *report = context;

	fprintf(stderr, "%6lld ms %c %s\n",
	    (long long)(clock_now_ms() - report->started_ms), marks[side],
	    text);
}

static void
print_error(const char *about, const struct error *err, bool with_hint)
{
	fprintf(stderr, "postrider: %s%s%s\n", about != NULL ? about : "",
	    about != NULL ? ": " : "", err->message);
	if (with_hint && err->hint[0] != '\0')
		fprintf(stderr, "hint: %s\n", err->hint);
}

static size_t
count_accepted(const struct submission *submission)
{
	size_t count = 0;

	for (size_t i = 0; i < submission->recipient_count; i++)
		count += submission->recipient[i].outcome.code == ERROR_NONE;
	return count;
}

static bool
all_alike(const struct submission *submission)
{
	const struct error *first = &submission->recipient[0].outcome;

	for (size_t i = 1; i < submission->recipient_count; i++) {
		if (strcmp(submission->recipient[i].outcome.message,
			first->message) != 0)
			return false;
	}
	return true;
}

/* One line when all failed for one reason, else one for each that failed. */
static void
print_outcomes(const struct submission *submission)
{
	size_t accepted = count_accepted(submission);

	if (all_alike(submission)) {
		print_error(NULL, &submission->recipient[0].outcome, true);
		return;
	}
	for (size_t i = 0; i < submission->recipient_count; i++) {
		const struct smtp_recipient *recipient =
		    &submission->recipient[i];
		const struct error *outcome = &recipient->outcome;
		bool is_named =
		    strstr(outcome->message, recipient->address) != NULL;

		if (outcome->code != ERROR_NONE)
			print_error(is_named ? NULL : recipient->address,
			    outcome, true);
	}
	fprintf(stderr, "postrider: sent to %zu of %zu recipients\n", accepted,
	    submission->recipient_count);
}

static void
print_json(const struct submission *submission)
{
	const struct error *worst = submission_worst(submission);
	size_t accepted = count_accepted(submission);
	struct json json = {.out = stdout};
	char id[512];

	submission_field(submission, "Message-ID", id, sizeof id);
	json_open(&json, NULL, '{');
	json_text(&json, "status",
	    accepted == submission->recipient_count ? "accepted"
		: accepted > 0                      ? "partial"
						    : "failed");
	json_number(&json, "exit_status", error_exit_status(worst->code));
	json_text(&json, "account", submission->account->name);
	json_text(&json, "host", submission->account->text[SETTING_HOST]);
	json_number(&json, "port",
	    account_number(submission->account, SETTING_PORT));
	json_text(&json, "sender", submission->envelope.sender);
	json_text(&json, "message_id", id);
	json_number(&json, "size", (long long)submission->message.wire_size);
	json_number(&json, "tries", submission->tries);
	json_bool(&json, "duplicate_possible", submission->duplicate_possible);
	json_text(&json, "receipt", accepted > 0 ? submission->receipt : NULL);
	json_open(&json, "recipients", '[');
	for (size_t i = 0; i < submission->recipient_count; i++) {
		const struct smtp_recipient *recipient =
		    &submission->recipient[i];

		json_open(&json, NULL, '{');
		json_text(&json, "address", recipient->address);
		json_bool(&json, "accepted",
		    recipient->outcome.code == ERROR_NONE);
		report_add_error(&json, &recipient->outcome);
		json_close(&json, '}');
	}
	json_close(&json, ']');
	json_close(&json, '}');
	json_end(&json);
}

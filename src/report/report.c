/* SPDX-License-Identifier: MIT */
/*
 * Prints errors, outcomes and the transcript as text. report-json.c prints the
 * outcome as JSON.
 */
#include "report/report.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/text.h"
#include "base/wrap.h"
#include "report/json.h"
#include "report/output.h"
#include "report/report-json.h"
#include "report/terminal-style.h"
#include "smtp/record.h"
#include "submit/log.h"
#include "submit/preflight.h"
#include "submit/setting-hint.h"

enum {
	ACCOUNT_SIZE = 256,
	LINE_SIZE = 2048,
	SINCE_SIZE = 32,
	STALL_MS = 1000 /* a session waits no longer for its output */
};

static const int64_t never_ms = INT64_MAX;

static void on_line(void *context, enum transcript_side side, const char *text);
static void print_steps(struct report *report, const struct delivery *delivery);
static void print_line(struct report *report, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static int print_lines_lost(struct report *report, int64_t deadline_ms);
static int64_t stalled_ms(void);
static void print_error(const char *subject, const struct error *err,
    int64_t deadline_ms);
static void print_message(enum terminal_style style, const char *label,
    const char *subject, const struct error *err, int64_t deadline_ms);
static void print_labelled(enum terminal_style style, const char *label,
    const char *text, int64_t deadline_ms);
static void print_queued(struct report *report, const struct delivery *delivery,
    int64_t deadline_ms);
static void print_outcomes(const struct delivery *delivery,
    int64_t deadline_ms);
static void print_findings(const struct delivery *delivery,
    int64_t deadline_ms);

void
report_init(struct report *report, struct report_options options)
{
	*report = (struct report){.json = options.json,
	    .verbose = options.verbose,
	    .has_times = options.has_times,
	    .quiet = options.quiet,
	    .started_ms = clock_now_ms(),
	    .deadline_ms = never_ms};
	report->line_ms = report->started_ms;
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
		print_error(NULL, err, never_ms);
	if (report->json) {
		json_open(&json, NULL, '{');
		json_text(&json, "status", "failed");
		json_number(&json, "exit_status", error_exit_status(err->code));
		report_json_add_error(&json, err);
		json_close(&json, '}');
		json_end(&json);
	}
	return error_exit_status(err->code);
}

int
report_error(const struct error *err)
{
	print_error(NULL, err, never_ms);
	return error_exit_status(err->code);
}

void
report_warning(const struct report *report, const struct error *warning)
{
	print_message(STYLE_WARNING, "postrider: warning: ", NULL, warning,
	    report != NULL ? stalled_ms() : never_ms);
}

void
report_retry(struct report *report, const struct delivery *delivery,
    const struct error *cause, int64_t delay_ms)
{
	struct error err;

	if (report->verbose)
		print_line(report,
		    "postrider: try %u of %u failed: %s; retrying in %.1f s\n",
		    delivery->tries,
		    1 +
			account_number(delivery->route->account,
			    SETTING_RETRIES),
		    cause->message, (double)delay_ms / 1000);
	print_steps(report, delivery);
	if (log_retry(delivery, cause, &err) == -1)
		print_error("log", &err, stalled_ms());
}

int
report_outcome(struct report *report, const struct delivery *delivery)
{
	const struct error *worst = delivery_worst(delivery);
	int64_t deadline_ms = clock_later_ms(report->deadline_ms, stalled_ms());
	int status = delivery_exit_status(delivery);
	struct error log_err;
	int logged = log_outcome(delivery, &log_err);
	struct error err;

	print_steps(report, delivery);
	/* Without an error to follow it, the note is not worth a wait. */
	print_lines_lost(report, status == 0 ? clock_now_ms() : deadline_ms);
	if (!report->quiet && delivery->duplicate_possible)
		print_labelled(STYLE_WARNING, "postrider: ",
		    "the reply to an earlier attempt was lost; a duplicate "
		    "with the same Message-ID is possible",
		    deadline_ms);
	if (delivery_count(delivery, ERROR_QUEUED) > 0)
		print_queued(report, delivery, deadline_ms);
	if (!report->quiet && error_exit_status(worst->code) != 0)
		print_outcomes(delivery, deadline_ms);
	if (!report->quiet && error_exit_status(worst->code) != 0 &&
	    worst->reply_code != 0)
		print_findings(delivery, deadline_ms);
	if (report->json &&
	    report_json_print(delivery, deadline_ms, &err) == -1)
		print_error(NULL, &err, deadline_ms);
	if (logged == -1)
		print_error("log", &log_err, deadline_ms);
	return status;
}

static void
on_line(void *context, enum transcript_side side, const char *text)
{
	static const char marks[] = {[TRANSCRIPT_CLIENT] = '>',
	    [TRANSCRIPT_SERVER] = '<',
	    [TRANSCRIPT_NOTE] = '*'};
	struct report *report = context;
	int64_t now_ms = clock_now_ms();
	char since[SINCE_SIZE] = "";

	if (report->has_times)
		snprintf(since, sizeof since, " %+6lld ms",
		    (long long)(now_ms - report->line_ms));
	report->line_ms = now_ms;
	print_line(report, "%6lld ms%s %c %s\n",
	    (long long)(now_ms - report->started_ms), since, marks[side], text);
}

/* With -vv: how long each step of an attempt took. */
static void
print_steps(struct report *report, const struct delivery *delivery)
{
	const struct smtp_record *record = &delivery->record;
	char text[LINE_SIZE / 2] = "";
	size_t used = 0;

	if (!report->has_times || delivery->tries == 0)
		return;
	for (enum smtp_phase phase = 0; phase < SMTP_PHASE_COUNT; phase++) {
		if (record->was_reached[phase])
			used +=
			    (size_t)snprintf(text + used, sizeof text - used,
				"%s %lld, ", smtp_phase_names[phase],
				(long long)record->ms[phase]);
	}
	print_line(report,
	    "postrider: attempt %u took %lld ms: %s%d round trips\n",
	    delivery->tries, (long long)smtp_record_total_ms(record), text,
	    record->round_trips);
}

/* A line is lost at once as long as there is no room for the one before. */
static void
print_line(struct report *report, const char *format, ...)
{
	int64_t deadline_ms =
	    report->lines_lost > 0 ? clock_now_ms() : stalled_ms();
	char line[LINE_SIZE];
	va_list args;

	va_start(args, format);
	vsnprintf(line, sizeof line, format, args);
	va_end(args);
	if (print_lines_lost(report, deadline_ms) == -1 ||
	    (output_write(STDERR_FILENO, line, strlen(line), deadline_ms) ==
		    -1 &&
		errno == EAGAIN))
		report->lines_lost++;
}

/* -1: there is no room yet. */
static int
print_lines_lost(struct report *report, int64_t deadline_ms)
{
	if (report->lines_lost == 0)
		return 0;
	if (output_format(STDERR_FILENO, deadline_ms,
		"postrider: standard error was not read; %u lines of the "
		"dialogue are missing here\n",
		report->lines_lost) == -1 &&
	    errno == EAGAIN)
		return -1;
	report->lines_lost = 0;
	return 0;
}

static int64_t
stalled_ms(void)
{
	return clock_now_ms() + STALL_MS;
}

/* subject is what the error is about, or NULL. */
static void
print_error(const char *subject, const struct error *err, int64_t deadline_ms)
{
	print_message(STYLE_ERROR, "postrider: ", subject, err, deadline_ms);
}

static void
print_message(enum terminal_style style, const char *label, const char *subject,
    const struct error *err, int64_t deadline_ms)
{
	struct error shown = *err;
	char printable[ERROR_MESSAGE_SIZE] = "";
	char text[2 * ERROR_MESSAGE_SIZE];

	setting_hint_add(&shown);
	if (subject != NULL)
		text_printable(printable, sizeof printable, subject,
		    strlen(subject));
	snprintf(text, sizeof text, "%s%s%s", printable,
	    *printable != '\0' ? ": " : "", shown.message);
	print_labelled(style, label, text, deadline_ms);
	if (shown.hint[0] != '\0')
		print_labelled(STYLE_HINT, "hint: ", shown.hint, deadline_ms);
}

/* Where nothing is wrapped or coloured, the line is written at once, so that
 * those of several processes do not mix in a log. */
static void
print_labelled(enum terminal_style style, const char *label, const char *text,
    int64_t deadline_ms)
{
	size_t width = terminal_columns(stderr);

	if (width == 0) {
		output_format(STDERR_FILENO, deadline_ms, "%s%s\n", label,
		    text);
		return;
	}
	if (!output_has_room(STDERR_FILENO, deadline_ms))
		return;
	style_print(stderr, style, label);
	wrap_print(stderr, text, strlen(label), strlen("hint: "), width);
}

/* What may be the reason of a refusal (submit/preflight.h). */
static void
print_findings(const struct delivery *delivery, int64_t deadline_ms)
{
	struct preflight preflight;

	preflight_run(&preflight, delivery->route, delivery->envelope,
	    delivery->message);
	for (size_t i = 0; i < preflight.count; i++)
		output_format(STDERR_FILENO, deadline_ms, "note: %s\n",
		    preflight.finding[i]);
}

/* A person is told of the reason, a program only on request. */
static void
print_queued(struct report *report, const struct delivery *delivery,
    int64_t deadline_ms)
{
	const struct error *reason = NULL;
	struct error shown;

	for (size_t i = 0; reason == NULL; i++) {
		if (delivery->recipient[i].outcome.code == ERROR_QUEUED)
			reason = &delivery->recipient[i].outcome;
	}
	if (report->verbose) {
		print_line(report, "postrider: queued as %s: %s\n",
		    delivery->queue_id, reason->message);
	} else if (!report->quiet && isatty(STDERR_FILENO) == 1) {
		shown = *reason;
		error_prefix(&shown, "queued as %s", delivery->queue_id);
		print_error(NULL, &shown, deadline_ms);
	}
}

/* Prints a common reason once, else a line for each recipient that failed. */
static void
print_outcomes(const struct delivery *delivery, int64_t deadline_ms)
{
	size_t accepted = delivery_count(delivery, ERROR_NONE);
	bool is_queued = delivery_count(delivery, ERROR_QUEUED) > 0;
	char account[ACCOUNT_SIZE];

	route_name_account(delivery->route, account, sizeof account);
	if (!delivery_has_several_errors(delivery)) {
		print_error(*account != '\0' ? account : NULL,
		    &delivery->recipient[0].outcome, deadline_ms);
		return;
	}
	for (size_t i = 0; i < delivery->recipient_count; i++) {
		const struct smtp_recipient *recipient =
		    &delivery->recipient[i];
		const struct error *outcome = &recipient->outcome;
		bool is_named =
		    strstr(outcome->message, recipient->address) != NULL;

		if (error_exit_status(outcome->code) != 0)
			print_error(is_named ? NULL : recipient->address,
			    outcome, deadline_ms);
	}
	output_format(STDERR_FILENO, deadline_ms,
	    "postrider: sent to %zu of %zu recipients%s%s%s%s\n", accepted,
	    delivery->recipient_count, is_queued ? ", queued as " : "",
	    is_queued ? delivery->queue_id : "", *account != '\0' ? ", " : "",
	    account);
}

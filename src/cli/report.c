/* SPDX-License-Identifier: MIT */
/*
 * Prints errors, outcomes and the transcript, as text or JSON.
 */
#include "cli/report.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "base/wrap.h"
#include "cli/json.h"
#include "cli/terminal-style.h"
#include "submit/log.h"
#include "submit/setting-hint.h"

#define WARNING "warning"

enum {
	ACCOUNT_SIZE = 256
};

static void on_line(void *context, enum transcript_side side, const char *text);
static void print_error(const char *prefix, const struct error *err,
    bool with_hint);
static void print_labelled(enum terminal_style style, const char *label,
    const char *text);
static bool have_same_error(const struct delivery *delivery);
static void print_outcomes(const struct delivery *delivery);
static const char *json_status(const struct delivery *delivery);
static void print_json(const struct delivery *delivery);

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
report_warning(const struct error *warning)
{
	print_error(WARNING, warning, true);
}

void
report_add_error(struct json *json, const struct error *err)
{
	struct error shown = *err;

	if (err->code == ERROR_NONE)
		return;
	setting_hint_add(&shown);
	json_open(json, "error", '{');
	json_text(json, "code", error_code_name(err->code));
	json_bool(json, "temporary", error_is_temporary(err->code));
	if (err->reply_code != 0)
		json_number(json, "reply_code", err->reply_code);
	if (err->enhanced_code[0] != '\0')
		json_text(json, "enhanced_code", err->enhanced_code);
	if (err->step != NULL)
		json_text(json, "step", err->step);
	if (err->cause != NULL)
		json_text(json, "cause", err->cause);
	json_text(json, "message", err->message);
	if (shown.hint[0] != '\0')
		json_text(json, "hint", shown.hint);
	json_close(json, '}');
}

void
report_retry(const struct report *report, const struct delivery *delivery,
    const struct error *cause, int64_t delay_ms)
{
	struct error err;

	if (report->verbose)
		fprintf(stderr,
		    "postrider: try %u of %u failed: %s; retrying in %.1f s\n",
		    delivery->tries,
		    1 +
			account_number(delivery->route->account,
			    SETTING_RETRIES),
		    cause->message, (double)delay_ms / 1000);
	if (log_retry(delivery, cause, &err) == -1)
		print_error("log", &err, true);
}

int
report_outcome(const struct report *report, const struct delivery *delivery)
{
	const struct error *worst = delivery_worst(delivery);
	struct error err;

	if (!report->quiet && delivery->duplicate_possible)
		fprintf(stderr,
		    "postrider: the reply to an earlier attempt was lost; a "
		    "duplicate with the same Message-ID is possible\n");
	if (!report->quiet && worst->code != ERROR_NONE)
		print_outcomes(delivery);
	if (report->json)
		print_json(delivery);
	if (log_outcome(delivery, &err) == -1)
		print_error("log", &err, true);
	return delivery_exit_status(delivery);
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
print_error(const char *prefix, const struct error *err, bool with_hint)
{
	bool is_warning = prefix != NULL && strcmp(prefix, WARNING) == 0;
	struct error shown = *err;
	char subject[ERROR_MESSAGE_SIZE] = "";
	char text[2 * ERROR_MESSAGE_SIZE];

	setting_hint_add(&shown);
	if (prefix != NULL && !is_warning)
		text_printable(subject, sizeof subject, prefix, strlen(prefix));
	snprintf(text, sizeof text, "%s%s%s", subject,
	    *subject != '\0' ? ": " : "", shown.message);
	print_labelled(is_warning ? STYLE_WARNING : STYLE_ERROR,
	    is_warning ? "postrider: warning: " : "postrider: ", text);
	if (with_hint && shown.hint[0] != '\0')
		print_labelled(STYLE_HINT, "hint: ", shown.hint);
}

/* Where nothing is wrapped or coloured, the line is written at once, so that
 * those of several processes do not mix in a log. */
static void
print_labelled(enum terminal_style style, const char *label, const char *text)
{
	size_t width = terminal_columns(stderr);

	if (width == 0) {
		fprintf(stderr, "%s%s\n", label, text);
		return;
	}
	style_print(stderr, style, label);
	wrap_print(stderr, text, strlen(label), strlen("hint: "), width);
}

static bool
have_same_error(const struct delivery *delivery)
{
	const struct error *first = &delivery->recipient[0].outcome;

	for (size_t i = 1; i < delivery->recipient_count; i++) {
		if (strcmp(delivery->recipient[i].outcome.message,
			first->message) != 0)
			return false;
	}
	return true;
}

/* Prints a common reason once, else a line for each recipient that failed. */
static void
print_outcomes(const struct delivery *delivery)
{
	size_t accepted = delivery_count(delivery, ERROR_NONE);
	char account[ACCOUNT_SIZE];

	route_name_account(delivery->route, account, sizeof account);
	if (have_same_error(delivery)) {
		print_error(*account != '\0' ? account : NULL,
		    &delivery->recipient[0].outcome, true);
		return;
	}
	for (size_t i = 0; i < delivery->recipient_count; i++) {
		const struct smtp_recipient *recipient =
		    &delivery->recipient[i];
		const struct error *outcome = &recipient->outcome;
		bool is_named =
		    strstr(outcome->message, recipient->address) != NULL;

		if (outcome->code != ERROR_NONE)
			print_error(is_named ? NULL : recipient->address,
			    outcome, true);
	}
	fprintf(stderr, "postrider: sent to %zu of %zu recipients%s%s\n",
	    accepted, delivery->recipient_count, *account != '\0' ? ", " : "",
	    account);
}

static const char *
json_status(const struct delivery *delivery)
{
	size_t accepted = delivery_count(delivery, ERROR_NONE);

	if (delivery_count(delivery, ERROR_AMBIGUOUS) > 0)
		return "ambiguous";
	if (accepted == delivery->recipient_count)
		return "accepted";
	return accepted > 0 ? "partial" : "failed";
}

static void
print_json(const struct delivery *delivery)
{
	size_t accepted = delivery_count(delivery, ERROR_NONE);
	struct json json = {.out = stdout};
	char id[512];

	delivery_message_id(delivery, id, sizeof id);
	json_open(&json, NULL, '{');
	json_text(&json, "status", json_status(delivery));
	json_number(&json, "exit_status", delivery_exit_status(delivery));
	json_text(&json, "account", delivery->route->account->name);
	json_text(&json, "host", delivery->route->account->text[SETTING_HOST]);
	json_number(&json, "port",
	    account_number(delivery->route->account, SETTING_PORT));
	json_text(&json, "sender", delivery->envelope->sender);
	json_text(&json, "message_id", id);
	json_number(&json, "size", (long long)delivery->message->wire_size);
	json_number(&json, "tries", delivery->tries);
	json_bool(&json, "duplicate_possible", delivery->duplicate_possible);
	json_text(&json, "receipt", accepted > 0 ? delivery->receipt : NULL);
	json_open(&json, "recipients", '[');
	for (size_t i = 0; i < delivery->recipient_count; i++) {
		const struct smtp_recipient *recipient =
		    &delivery->recipient[i];

		json_open(&json, NULL, '{');
		json_text(&json, "address", recipient->address);
		if (recipient->outcome.code == ERROR_AMBIGUOUS)
			json_text(&json, "accepted", NULL);
		else
			json_bool(&json, "accepted",
			    recipient->outcome.code == ERROR_NONE);
		report_add_error(&json, &recipient->outcome);
		json_close(&json, '}');
	}
	json_close(&json, ']');
	json_close(&json, '}');
	json_end(&json);
}

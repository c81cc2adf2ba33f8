/* SPDX-License-Identifier: MIT */
/*
 * Sends one message from standard input: prepares it, then hands it to
 * submit/delivery.c and reports the outcome.
 */
#include "cli/submit.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "cli/compose.h"
#include "cli/dry-run.h"
#include "cli/queue-fallback.h"
#include "cli/queue-instead.h"
#include "report/report.h"
#include "cli/submission.h"
#include "cli/terminal-input.h"
#include "cli/verb-route.h"
#include "cli/verbs.h"

static int submit_prepare(struct submission *submission, struct error *err);
static bool submit_cannot_choose(const struct submission *submission);
static int submit_find_recipients(struct submission *submission,
    struct error *err);
static int no_recipients(struct error *err);
static int submit_read_message(struct submission *submission,
    struct error *err);
static int submit_find_sender(struct submission *submission, struct error *err);
static int submit_choose_account(struct submission *submission,
    struct error *err);
static int address_envelope(struct submission *submission, struct error *err);
static int submit_now(struct submission *submission, enum queue_choice choice,
    struct report *report);
static int submit_send(struct submission *submission, struct report *report);
static void on_retry(void *context, const struct delivery *delivery,
    const struct error *cause, int64_t delay_ms);
static void on_warning(void *context, const struct error *warning);
static bool on_progress(void *context, const struct smtp_progress *progress);

int
submit(const struct options *options)
{
	struct submission submission;
	struct report report;
	enum queue_choice choice;
	struct error err;
	int status;

	report_init(&report, options->report);
	submission_init(&submission, options);
	if (submit_prepare(&submission, &err) == -1) {
		status = report_failure(&report, &err);
	} else if (options->dry_run &&
	    submission.no_server.code != ERROR_NONE) {
		status = report_failure(&report, &submission.no_server);
	} else if (options->dry_run) {
		status = dry_run(&submission, &report);
	} else {
		choice = queue_choose(options, submission.route.account);
		if (!queue_instead(&submission, choice, &report, &status))
			status = submit_now(&submission, choice, &report);
	}
	submission_done(&submission);
	return status;
}

static int
submit_prepare(struct submission *submission, struct error *err)
{
	const struct options *options = submission->options;

	bool has_sender =
	    !options->composes || composition_has_from(&options->composition);

	if (submit_find_recipients(submission, err) == -1 ||
	    route_load(&submission->route, options->config_path, err) == -1)
		return -1;
	/* A person should learn what is missing before typing a message. */
	if ((!has_sender || submit_cannot_choose(submission)) &&
	    submit_choose_account(submission, err) == -1)
		return -1;
	/* No server waits while a person types. */
	if (submit_read_message(submission, err) == -1 ||
	    (has_sender && submit_choose_account(submission, err) == -1) ||
	    address_envelope(submission, err) == -1 ||
	    submission_complete(submission, err) == -1)
		return -1;
	return 0;
}

/* The From header of what a person types cannot select an account if there is
 * none. */
static bool
submit_cannot_choose(const struct submission *submission)
{
	return submission->options->is_interactive &&
	    submission->route.config->account_count == 0;
}

static int
submit_find_recipients(struct submission *submission, struct error *err)
{
	const struct options *options = submission->options;

	if (!options->composes)
		return options->argument_count == 0 && !options->from_header
		    ? no_recipients(err)
		    : 0;
	if (compose_check(err) == -1)
		return -1;
	if (options->from_header) {
		error_set(err, ERROR_USAGE,
		    "-t cannot be used with -s and -A, which write the header");
		return error_hint(err, "name the recipients after the options");
	}
	submission->composed = composition_recipients(&options->composition,
	    &submission->recipient_count, err);
	submission->recipient = submission->composed;
	return submission->composed != NULL
	    ? composition_check_files(&options->composition, err)
	    : -1;
}

static int
no_recipients(struct error *err)
{
	error_set(err, ERROR_USAGE, "no recipients");
	return error_hint(err,
	    "name recipients after the options, or use -t to take them from "
	    "the message; \"postrider help\" lists the commands");
}

/* sendmail accepts an empty message; from postrider it would be a mistake. */
static int
submit_read_message(struct submission *submission, struct error *err)
{
	const struct options *options = submission->options;
	const struct verb *verb;

	if (options->is_interactive && !options->report.quiet &&
	    (!options->composes || compose_reads_input(&options->composition)))
		terminal_input_await();
	if (options->composes)
		return compose_message(&options->composition,
		    &submission->message, err);
	if (message_read(&submission->message, STDIN_FILENO,
		!options->dot_is_text, err) == -1)
		return -1;
	if (options->as_sendmail || source_size(submission->message.source) > 0)
		return 0;
	verb = verb_resembled(options);
	error_set(err, ERROR_USAGE, "standard input has no message");
	if (verb != NULL)
		return error_hint(err, "did you mean \"postrider %s\"?",
		    verb->name);
	return error_hint(err,
	    "pass the message on standard input, for example: "
	    "postrider you@example.org < message");
}

/* -f, else the From header; if the message is resent, Resent-From. A name
 * without a domain, such as cron's "root", does not count. */
static int
submit_find_sender(struct submission *submission, struct error *err)
{
	const char *given = submission->options->sender;
	const struct header *header = &submission->message.header;
	struct address_list senders;
	int result;

	if (given != NULL)
		return submission_set_sender(submission, given, "-f", err);
	address_list_init(&senders);
	result = header_find_resent(header, NULL) != NULL
	    ? header_resenders(header, &senders, err)
	    : header_senders(header, &senders, err);
	/* The account may replace it: see submission_complete. */
	if (result == -1 && err->code == ERROR_DATA) {
		address_list_done(&senders);
		address_list_init(&senders);
		result = 0;
	}
	if (result == 0 && senders.count > 0 &&
	    address_domain(senders.address[0]) != NULL) {
		free(submission->sender);
		submission->sender = strdup(senders.address[0]);
		if (submission->sender == NULL)
			result = error_no_memory(err);
	}
	address_list_done(&senders);
	return result;
}

static int
submit_choose_account(struct submission *submission, struct error *err)
{
	struct account_query query = {.name = verb_route_account(
					  submission->options),
	    .flags = &submission->options->flags};

	if (submit_find_sender(submission, err) == -1)
		return -1;
	query.sender = submission->sender;
	return submission_resolve(submission, &query, err);
}

/* Before Bcc is removed from the header. */
static int
address_envelope(struct submission *submission, struct error *err)
{
	char *address = submission_address(submission);
	char *sender = submission_envelope_sender(submission, address);
	struct envelope_request request =
	    submission_envelope_request(submission);
	int result = -1;

	request.sender = sender;
	request.arguments = submission->recipient;
	request.argument_count = submission->recipient_count;
	request.from_header = submission->options->from_header;
	if (address == NULL || sender == NULL)
		error_no_memory(err);
	else if (envelope_build(&submission->envelope, &request,
		     &submission->message.header, err) == 0)
		result =
		    delivery_init(&submission->delivery, &submission->route,
			&submission->envelope, &submission->message, err);
	free(sender);
	free(address);
	return result;
}

static int
submit_now(struct submission *submission, enum queue_choice choice,
    struct report *report)
{
	const struct delivery *delivery = &submission->delivery;
	struct queue_fallback queue;
	int status;

	if (choice == QUEUE_NEVER)
		return submit_send(submission, report);
	queue_fallback_init(&queue, submission);
	if (queue_fallback_waits(&queue))
		queue_fallback_keep_all(&queue, QUEUE_UNTRIED, &queue.wait);
	else if (submission->no_server.code != ERROR_NONE)
		queue_fallback_keep_all(&queue, QUEUE_TRIED,
		    &submission->no_server);
	if (delivery->queue_id[0] == '\0' &&
	    submission->no_server.code == ERROR_NONE)
		status = submit_send(submission, report);
	else
		status = report_outcome(report, delivery);
	queue_fallback_report(&queue, report);
	queue_fallback_done(&queue);
	return status;
}

static int
submit_send(struct submission *submission, struct report *report)
{
	const struct delivery_observer observer = {.on_retry = on_retry,
	    .on_warning = on_warning,
	    .on_progress = on_progress,
	    .context = report,
	    .transcript = report_transcript(report)};

	report->deadline_ms = clock_now_ms() +
	    account_duration_ms(submission->route.account, SETTING_DEADLINE);
	delivery_run(&submission->delivery, &observer);
	return report_outcome(report, &submission->delivery);
}

static void
on_retry(void *context, const struct delivery *delivery,
    const struct error *cause, int64_t delay_ms)
{
	report_retry(context, delivery, cause, delay_ms);
}

static void
on_warning(void *context, const struct error *warning)
{
	const struct report *report = context;

	if (!report->quiet)
		report_warning(report, warning);
}

static bool
on_progress(void *context, const struct smtp_progress *progress)
{
	struct report *report = context;

	if (report->json || report->verbose || report->quiet)
		return false;
	return progress_line_show(&report->progress, progress);
}

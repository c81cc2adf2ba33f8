/* SPDX-License-Identifier: MIT */
/*
 * Queues a message, and starts the program that sends it.
 */
#include "cli/queue-instead.h"

#include <stdio.h>

#include "cli/queue-add.h"
#include "report/json.h"
#include "submit/queue-program.h"

static int queue_instead_add(struct submission *submission,
    char id[SPOOL_ID_SIZE], struct error *err);
static void queue_instead_report(struct report *report, const char *id);
static void queue_instead_start(const struct report *report);

bool
queue_instead(struct submission *submission, enum queue_choice choice,
    struct report *report, int *ret_status)
{
	const struct transcript transcript = report_transcript(report);
	char id[SPOOL_ID_SIZE];
	struct error err;

	if (choice != QUEUE_ALWAYS && choice != QUEUE_ONLY)
		return false;
	if (queue_instead_add(submission, id, &err) == 0) {
		if (choice == QUEUE_ALWAYS &&
		    account_bool(submission->route.account,
			SETTING_QUEUE_START))
			queue_instead_start(report);
		queue_instead_report(report, id);
		*ret_status = 0;
		return true;
	}
	if (choice == QUEUE_ONLY) {
		*ret_status = report_failure(report, &err);
		return true;
	}
	transcript_note(&transcript,
	    "the message is sent now, because it can't be queued: %s",
	    err.message);
	return false;
}

static int
queue_instead_add(struct submission *submission, char id[SPOOL_ID_SIZE],
    struct error *err)
{
	struct spool spool = {.directory = -1};
	int result = -1;

	if (queue_add_check(submission, false, err) == 0 &&
	    spool_open(&spool, true, err) == 0)
		result = queue_add(submission, &spool, QUEUE_UNTRIED, id, err);
	spool_close(&spool);
	return result;
}

static void
queue_instead_report(struct report *report, const char *id)
{
	const struct transcript transcript = report_transcript(report);
	struct json json = {.out = stdout};

	transcript_note(&transcript, "queued as %s", id);
	if (!report->json)
		return;
	json_open(&json, NULL, '{');
	json_text(&json, "status", "queued");
	json_number(&json, "exit_status", 0);
	json_text(&json, "id", id);
	json_close(&json, '}');
	json_end(&json);
}

/* The message is in the queue, whatever happens here. */
static void
queue_instead_start(const struct report *report)
{
	struct error err;

	if (queue_program_start(NULL, &err) == 0 || report->quiet)
		return;
	queue_program_explain(&err);
	report_warning(report, &err);
}

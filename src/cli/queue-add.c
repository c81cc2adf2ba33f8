/* SPDX-License-Identifier: MIT */
/*
 * Queues one message of the command line.
 */
#include "cli/queue-add.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "report/json.h"
#include "smtp/body.h"
#include "spool/spool.h"

/* The message as it is sent, piece by piece. */
struct wire_form {
	struct smtp_body_reader *reader;
	const char *bytes; /* of the piece, not read yet */
	size_t len;
};

static int queue_add_check(const struct submission *submission,
    struct error *err);
static int queue_add_message(struct submission *submission,
    struct spool_entry *entry, struct error *err);
static int queue_add_describe(const struct submission *submission,
    struct spool_entry *entry, struct error *err);
static long read_wire_form(void *context, void *out, size_t len,
    struct error *err);
static void queue_add_report(const struct report *report,
    const struct transcript *transcript, const char *id);

int
queue_add(struct submission *submission, struct report *report)
{
	const struct transcript transcript = report_transcript(report);
	struct spool_entry entry;
	struct error err;
	int status = 0;

	spool_entry_init(&entry);
	if (queue_add_check(submission, &err) == -1 ||
	    queue_add_describe(submission, &entry, &err) == -1 ||
	    queue_add_message(submission, &entry, &err) == -1)
		status = report_failure(report, &err);
	else
		queue_add_report(report, &transcript, entry.id);
	spool_entry_done(&entry);
	return status;
}

static int
queue_add_check(const struct submission *submission, struct error *err)
{
	const struct options *options = submission->options;
	const char *given = options->config_path != NULL ? "-C" : NULL;

	for (int id = 0; given == NULL && id < SETTING_COUNT; id++) {
		if (id != SETTING_FULL_NAME && options->flags.text[id] != NULL)
			given = options->flags.origin[id];
	}
	if (given != NULL) {
		error_set(err, ERROR_USAGE,
		    "%s: not possible for a message that is queued", given);
		return error_hint(err,
		    "set it in the configuration, which is read when the "
		    "message is sent");
	}
	if (submission->route.account->name != NULL)
		return 0;
	error_set(err, ERROR_CONFIG,
	    "only an account of the configuration can send from the queue");
	return error_hint(err,
	    "run postrider login me@example.org to add an account");
}

static int
queue_add_describe(const struct submission *submission,
    struct spool_entry *entry, struct error *err)
{
	const struct envelope *envelope = &submission->envelope;
	const char *account = submission->route.account->name;
	time_t now = time(NULL);
	char id[512];

	delivery_message_id(&submission->delivery, id, sizeof id);
	entry->number[SPOOL_SIZE] = submission->message.wire_size;
	entry->number[SPOOL_CREATED] = (uint64_t)now;
	entry->number[SPOOL_NEXT] = (uint64_t)now;
	entry->number[SPOOL_UTF8] = envelope->needs_utf8;
	if (spool_entry_set(entry, SPOOL_ACCOUNT, account, err) == -1 ||
	    spool_entry_set(entry, SPOOL_SENDER, envelope->sender, err) == -1 ||
	    spool_entry_set(entry, SPOOL_NOTIFY, envelope->notify, err) == -1 ||
	    spool_entry_set(entry, SPOOL_RETURN_TYPE, envelope->return_type,
		err) == -1 ||
	    spool_entry_set(entry, SPOOL_ENVELOPE_ID, envelope->envelope_id,
		err) == -1 ||
	    spool_entry_set(entry, SPOOL_MESSAGE_ID, id, err) == -1)
		return -1;
	for (size_t i = 0; i < envelope->recipients.count; i++) {
		if (spool_entry_add(entry, envelope->recipients.address[i],
			err) == -1)
			return -1;
	}
	return 0;
}

static int
queue_add_message(struct submission *submission, struct spool_entry *entry,
    struct error *err)
{
	struct smtp_transaction transaction;
	struct wire_form form = {.len = 0};
	struct spool spool;
	int result = spool_open(&spool, true, err);

	delivery_set_transaction(&submission->delivery, &transaction);
	if (result == 0) {
		form.reader = smtp_body_open(&transaction.body, false, err);
		result = form.reader != NULL
		    ? spool_add(&spool, entry, read_wire_form, &form, err)
		    : -1;
		smtp_body_close(form.reader);
	}
	spool_close(&spool);
	return result;
}

static long
read_wire_form(void *context, void *out, size_t len, struct error *err)
{
	struct wire_form *form = context;

	if (form->len == 0) {
		long got = smtp_body_next(form->reader, &form->bytes, err);

		if (got <= 0)
			return got;
		form->len = (size_t)got;
	}
	if (len > form->len)
		len = form->len;
	memcpy(out, form->bytes, len);
	form->bytes += len;
	form->len -= len;
	return (long)len;
}

static void
queue_add_report(const struct report *report,
    const struct transcript *transcript, const char *id)
{
	struct json json = {.out = stdout};

	transcript_note(transcript, "queued as %s", id);
	if (!report->json)
		return;
	json_open(&json, NULL, '{');
	json_text(&json, "status", "queued");
	json_number(&json, "exit_status", 0);
	json_text(&json, "id", id);
	json_close(&json, '}');
	json_end(&json);
}

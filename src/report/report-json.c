/* SPDX-License-Identifier: MIT */
/*
 * Prints the outcome of a delivery as JSON. Every member is described in
 * output.schema.json and in postrider-output(5).
 */
#include "report/report-json.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "report/output.h"
#include "smtp/record.h"
#include "submit/setting-hint.h"

static void outcome_compose(const struct delivery *delivery, FILE *out);
static const char *outcome_status(const struct delivery *delivery);
static void outcome_add_session(struct json *json,
    const struct delivery *delivery);
static void outcome_add_steps(struct json *json,
    const struct smtp_record *record);
static void outcome_add_recipient(struct json *json,
    const struct smtp_recipient *recipient);

int
report_json_print(const struct delivery *delivery, int64_t deadline_ms,
    struct error *err)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);
	int result = 0;

	if (out == NULL)
		return error_no_memory(err);
	outcome_compose(delivery, out);
	if (fclose(out) != 0)
		result = error_no_memory(err);
	else if (output_write(STDOUT_FILENO, text, len, deadline_ms) == -1)
		result = error_set_errno(err, ERROR_IO, "standard output");
	free(text);
	return result;
}

void
report_json_add_error(struct json *json, const struct error *err)
{
	struct error shown = *err;

	if (err->code == ERROR_NONE)
		return;
	setting_hint_add(&shown);
	json_open(json, "error", '{');
	json_text(json, "code", error_code_name(err->code));
	json_bool(json, "temporary", error_may_heal(err->code));
	if (err->reply_code != 0)
		json_number(json, "reply_code", err->reply_code);
	if (err->enhanced_code[0] != '\0')
		json_text(json, "enhanced_code", err->enhanced_code);
	if (err->reply_code != 0 && err->reply_offset > 0)
		json_text(json, "reply_text", err->message + err->reply_offset);
	if (err->step != NULL)
		json_text(json, "step", err->step);
	if (err->cause != NULL)
		json_text(json, "cause", err->cause);
	json_text(json, "message", err->message);
	if (shown.hint[0] != '\0')
		json_text(json, "hint", shown.hint);
	json_close(json, '}');
}

static void
outcome_compose(const struct delivery *delivery, FILE *out)
{
	const struct account *account = delivery->route->account;
	size_t accepted = delivery_count(delivery, ERROR_NONE);
	struct json json = {.out = out};
	char id[512];

	delivery_message_id(delivery, id, sizeof id);
	json_open(&json, NULL, '{');
	json_text(&json, "status", outcome_status(delivery));
	json_number(&json, "exit_status", delivery_exit_status(delivery));
	json_text(&json, "id",
	    delivery->queue_id[0] != '\0' ? delivery->queue_id : NULL);
	json_text(&json, "account", account->name);
	json_text(&json, "host", account->text[SETTING_HOST]);
	json_number(&json, "port", account_number(account, SETTING_PORT));
	json_text(&json, "sender", delivery->envelope->sender);
	json_text(&json, "message_id", id);
	json_text(&json, "new_message_id",
	    delivery->thread.new_id[0] != '\0' ? delivery->thread.new_id
					       : NULL);
	json_number(&json, "references_rewritten", delivery->thread.rewritten);
	json_number(&json, "size", (long long)delivery->message->wire_size);
	json_number(&json, "tries", delivery->tries);
	json_bool(&json, "duplicate_possible", delivery->duplicate_possible);
	json_text(&json, "receipt", accepted > 0 ? delivery->receipt : NULL);
	json_open(&json, "recipients", '[');
	for (size_t i = 0; i < delivery->recipient_count; i++)
		outcome_add_recipient(&json, &delivery->recipient[i]);
	json_close(&json, ']');
	outcome_add_session(&json, delivery);
	json_close(&json, '}');
	json_end(&json);
}

static const char *
outcome_status(const struct delivery *delivery)
{
	size_t accepted = delivery_count(delivery, ERROR_NONE);
	size_t queued = delivery_count(delivery, ERROR_QUEUED);

	if (delivery_count(delivery, ERROR_AMBIGUOUS) > 0)
		return "ambiguous";
	if (accepted == delivery->recipient_count)
		return "accepted";
	if (accepted + queued == delivery->recipient_count)
		return "queued";
	return accepted + queued > 0 ? "partial" : "failed";
}

static void
outcome_add_recipient(struct json *json, const struct smtp_recipient *recipient)
{
	const struct smtp_answer *reply = &recipient->reply;

	json_open(json, NULL, '{');
	json_text(json, "address", recipient->address);
	if (recipient->outcome.code == ERROR_AMBIGUOUS)
		json_text(json, "accepted", NULL);
	else
		json_bool(json, "accepted",
		    recipient->outcome.code == ERROR_NONE);
	if (reply->code != 0) {
		json_open(json, "reply", '{');
		json_number(json, "code", reply->code);
		if (reply->enhanced[0] != '\0')
			json_text(json, "enhanced_code", reply->enhanced);
		json_text(json, "text", reply->text);
		json_close(json, '}');
	}
	report_json_add_error(json, &recipient->outcome);
	json_close(json, '}');
}

/* The session of the last attempt; null if there was none. */
static void
outcome_add_session(struct json *json, const struct delivery *delivery)
{
	const struct smtp_record *record = &delivery->record;

	if (delivery->tries == 0) {
		json_text(json, "session", NULL);
		return;
	}
	json_open(json, "session", '{');
	if (record->tls_version[0] == '\0') {
		json_text(json, "tls", NULL);
	} else {
		json_open(json, "tls", '{');
		json_text(json, "version", record->tls_version);
		json_text(json, "cipher", record->tls_cipher);
		json_close(json, '}');
	}
	json_text(json, "mechanism", record->mechanism);
	json_number(json, "round_trips", record->round_trips);
	json_number(json, "ms", smtp_record_total_ms(record));
	outcome_add_steps(json, record);
	json_close(json, '}');
}

static void
outcome_add_steps(struct json *json, const struct smtp_record *record)
{
	json_open(json, "steps", '[');
	for (enum smtp_phase phase = 0; phase < SMTP_PHASE_COUNT; phase++) {
		if (!record->was_reached[phase])
			continue;
		json_open(json, NULL, '{');
		json_text(json, "step", smtp_phase_names[phase]);
		json_number(json, "ms", record->ms[phase]);
		json_close(json, '}');
	}
	json_close(json, ']');
}

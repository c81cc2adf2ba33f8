/* SPDX-License-Identifier: MIT */
/*
 * Reads the frames of a held session. Whatever the bytes are, the result is
 * well-formed, or refused.
 */
#include "submit/hold-frame.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cause.h"
#include "base/text.h"
#include "smtp/address-kind.h"
#include "smtp/sasl.h"

enum {
	RECIPIENTS_MAX = 1000000,
	RECIPIENT_MIN_SIZE = 12, /* bytes in a frame */
	REPLY_CODE_MAX = 999
};

static const char *read_line(struct frame *frame);
static bool read_recipients(struct frame *frame,
    struct smtp_transaction *transaction);
static void read_error(struct frame *frame, const struct account *account,
    struct error *err);
static void read_record(struct frame *frame, const struct account *account,
    struct smtp_record *record);
static void read_copy(struct frame *frame, char *out, size_t out_size);
static const char *step_name(const char *name);
static const char *cause_name(const char *name);
static const char *mechanism_name(const char *name,
    const struct account *account);

bool
hold_frame_request(struct frame *frame, struct hold_request *ret_request)
{
	struct smtp_transaction *transaction = &ret_request->transaction;

	*ret_request = (struct hold_request){
	    .deadline_ms = (int64_t)frame_number(frame, INT64_MAX)};
	ret_request->patience_end_ms = (int64_t)frame_number(frame, INT64_MAX);
	ret_request->wants_lines = frame_number(frame, 1) != 0;
	ret_request->wants_progress = frame_number(frame, 1) != 0;
	transaction->utf8 = frame_number(frame, 1) != 0;
	transaction->body.has_8bit = frame_number(frame, 1) != 0;
	transaction->body.size = frame_number(frame, INT64_MAX);
	transaction->sender = read_line(frame);
	transaction->notify = read_line(frame);
	transaction->return_type = read_line(frame);
	transaction->envelope_id = read_line(frame);
	return read_recipients(frame, transaction) &&
	    transaction->sender != NULL;
}

bool
hold_frame_line(struct frame *frame, enum transcript_side *ret_side,
    const char **ret_text)
{
	*ret_side = (enum transcript_side)frame_number(frame, TRANSCRIPT_NOTE);
	*ret_text = frame_string(frame);
	return frame_is_complete(frame);
}

bool
hold_frame_warning(struct frame *frame, const struct account *account,
    struct error *ret_warning)
{
	read_error(frame, account, ret_warning);
	return frame_is_complete(frame) && ret_warning->code != ERROR_NONE;
}

bool
hold_frame_progress(struct frame *frame, struct smtp_progress *ret_progress)
{
	ret_progress->sent = frame_number(frame, INT64_MAX);
	ret_progress->total = frame_number(frame, INT64_MAX);
	ret_progress->elapsed_ms = (int64_t)frame_number(frame, INT64_MAX);
	return frame_is_complete(frame) &&
	    ret_progress->sent <= ret_progress->total;
}

bool
hold_frame_recipient(struct frame *frame, const struct account *account,
    struct smtp_recipient *recipient)
{
	recipient->reply = (struct smtp_answer){
	    .code = (int)frame_number(frame, REPLY_CODE_MAX)};
	read_copy(frame, recipient->reply.enhanced,
	    sizeof recipient->reply.enhanced);
	read_copy(frame, recipient->reply.text, sizeof recipient->reply.text);
	read_error(frame, account, &recipient->outcome);
	return frame_is_complete(frame);
}

bool
hold_frame_outcome(struct frame *frame, const struct account *account,
    struct hold_outcome *ret_outcome)
{
	*ret_outcome = (struct hold_outcome){.receipt = ""};
	read_error(frame, account, &ret_outcome->failure);
	ret_outcome->receipt = frame_string(frame);
	ret_outcome->receipt_code = frame_string(frame);
	read_record(frame, account, &ret_outcome->record);
	return frame_is_complete(frame);
}

/* A text that a command of SMTP may contain. */
static const char *
read_line(struct frame *frame)
{
	const char *text = frame_text(frame);

	if (text != NULL && !text_is_one_line(text, strlen(text)))
		frame->is_malformed = true;
	return text;
}

static bool
read_recipients(struct frame *frame, struct smtp_transaction *transaction)
{
	size_t count = (size_t)frame_number(frame, RECIPIENTS_MAX);

	if (count == 0 || frame->left / RECIPIENT_MIN_SIZE < count)
		return false;
	transaction->recipient = calloc(count, sizeof *transaction->recipient);
	if (transaction->recipient == NULL)
		return false;
	transaction->recipient_count = count;
	for (size_t i = 0; i < count; i++) {
		struct smtp_recipient *recipient = &transaction->recipient[i];

		recipient->address = read_line(frame);
		recipient->notify = read_line(frame);
		recipient->original = read_line(frame);
		if (recipient->address == NULL)
			frame->is_malformed = true;
	}
	return frame_is_complete(frame);
}

static void
read_error(struct frame *frame, const struct account *account,
    struct error *err)
{
	size_t reply_offset;

	*err = (struct error){
	    .code = (enum error_code)frame_number(frame, ERROR_CODE_COUNT - 1)};
	if (err->code == ERROR_NONE)
		return;
	err->sys_errno = (int)frame_number(frame, INT_MAX);
	err->reply_code = (int)frame_number(frame, REPLY_CODE_MAX);
	err->topic =
	    (enum error_topic)frame_number(frame, ERROR_TOPIC_COUNT - 1);
	reply_offset = (size_t)frame_number(frame, ERROR_MESSAGE_SIZE);
	read_copy(frame, err->enhanced_code, sizeof err->enhanced_code);
	read_copy(frame, err->message, sizeof err->message);
	read_copy(frame, err->hint, sizeof err->hint);
	error_make_safe(err);
	if (reply_offset <= strlen(err->message))
		err->reply_offset = reply_offset;
	err->step = step_name(frame_text(frame));
	err->mechanism = mechanism_name(frame_text(frame), account);
	err->cause = cause_name(frame_text(frame));
	err->address = address_kind_find(frame_text(frame));
}

static void
read_record(struct frame *frame, const struct account *account,
    struct smtp_record *record)
{
	for (enum smtp_phase phase = 0; phase < SMTP_PHASE_COUNT; phase++) {
		record->was_reached[phase] = frame_number(frame, 1) != 0;
		record->ms[phase] = (int64_t)frame_number(frame, INT32_MAX);
	}
	record->round_trips = (int)frame_number(frame, INT_MAX);
	read_copy(frame, record->tls_version, sizeof record->tls_version);
	read_copy(frame, record->tls_cipher, sizeof record->tls_cipher);
	record->mechanism = mechanism_name(frame_text(frame), account);
}

static void
read_copy(struct frame *frame, char *out, size_t out_size)
{
	const char *text = frame_string(frame);

	text_printable(out, out_size, text, strlen(text));
}

static const char *
step_name(const char *name)
{
	for (enum smtp_phase phase = 0; phase < SMTP_PHASE_COUNT; phase++) {
		if (name != NULL && strcmp(name, smtp_phase_names[phase]) == 0)
			return smtp_phase_names[phase];
	}
	return NULL;
}

static const char *
cause_name(const char *name)
{
	const struct cause *cause =
	    name != NULL ? cause_find(name, strlen(name)) : NULL;

	return cause != NULL ? cause->name : NULL;
}

static const char *
mechanism_name(const char *name, const struct account *account)
{
	const char *own = account->text[SETTING_MECHANISM];
	const struct sasl_mechanism *mechanism;

	if (name == NULL)
		return NULL;
	if (own != NULL && strcmp(name, own) == 0)
		return own;
	mechanism = sasl_find(name);
	return mechanism != NULL ? mechanism->name : NULL;
}

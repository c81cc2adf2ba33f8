/* SPDX-License-Identifier: MIT */
/*
 * Writes the frames of a held session; hold-frame-read.c reads them.
 */
#include "submit/hold-frame.h"

static void add_error(struct frame_writer *writer, const struct error *err);
static void add_record(struct frame_writer *writer,
    const struct smtp_record *record);

int
hold_frame_add_request(struct buf *out, const struct hold_request *request,
    struct error *err)
{
	const struct smtp_transaction *transaction = &request->transaction;
	struct frame_writer writer = frame_begin(out, HOLD_SEND);

	frame_add_number(&writer, (uint64_t)request->deadline_ms);
	frame_add_number(&writer, (uint64_t)request->patience_end_ms);
	frame_add_number(&writer, request->wants_lines);
	frame_add_number(&writer, request->wants_progress);
	frame_add_number(&writer, transaction->utf8);
	frame_add_number(&writer, transaction->body.has_8bit);
	frame_add_number(&writer, transaction->body.size);
	frame_add_text(&writer, transaction->sender);
	frame_add_text(&writer, transaction->notify);
	frame_add_text(&writer, transaction->return_type);
	frame_add_text(&writer, transaction->envelope_id);
	frame_add_number(&writer, transaction->recipient_count);
	for (size_t i = 0; i < transaction->recipient_count; i++) {
		const struct smtp_recipient *recipient =
		    &transaction->recipient[i];

		frame_add_text(&writer, recipient->address);
		frame_add_text(&writer, recipient->notify);
		frame_add_text(&writer, recipient->original);
	}
	return frame_end(&writer, err);
}

int
hold_frame_add_line(struct buf *out, enum transcript_side side,
    const char *text, struct error *err)
{
	struct frame_writer writer = frame_begin(out, HOLD_LINE);

	frame_add_number(&writer, side);
	frame_add_text(&writer, text);
	return frame_end(&writer, err);
}

int
hold_frame_add_warning(struct buf *out, const struct error *warning,
    struct error *err)
{
	struct frame_writer writer = frame_begin(out, HOLD_WARNING);

	add_error(&writer, warning);
	return frame_end(&writer, err);
}

int
hold_frame_add_progress(struct buf *out, const struct smtp_progress *progress,
    struct error *err)
{
	struct frame_writer writer = frame_begin(out, HOLD_PROGRESS);

	frame_add_number(&writer, progress->sent);
	frame_add_number(&writer, progress->total);
	frame_add_number(&writer, (uint64_t)progress->elapsed_ms);
	return frame_end(&writer, err);
}

int
hold_frame_add_sign(struct buf *out, enum hold_frame type, struct error *err)
{
	struct frame_writer writer = frame_begin(out, type);

	return frame_end(&writer, err);
}

int
hold_frame_add_recipient(struct buf *out,
    const struct smtp_recipient *recipient, struct error *err)
{
	struct frame_writer writer = frame_begin(out, HOLD_RECIPIENT);

	frame_add_number(&writer, (uint64_t)recipient->reply.code);
	frame_add_text(&writer,
	    recipient->reply.code != 0 ? recipient->reply.enhanced : "");
	frame_add_text(&writer,
	    recipient->reply.code != 0 ? recipient->reply.text : "");
	add_error(&writer, &recipient->outcome);
	return frame_end(&writer, err);
}

int
hold_frame_add_outcome(struct buf *out, const struct hold_outcome *outcome,
    struct error *err)
{
	struct frame_writer writer = frame_begin(out, HOLD_DONE);

	add_error(&writer, &outcome->failure);
	frame_add_text(&writer, outcome->receipt);
	frame_add_text(&writer, outcome->receipt_code);
	add_record(&writer, &outcome->record);
	return frame_end(&writer, err);
}

/* Without an error the other members are not set. */
static void
add_error(struct frame_writer *writer, const struct error *err)
{
	frame_add_number(writer, err->code);
	if (err->code == ERROR_NONE)
		return;
	frame_add_number(writer, (uint64_t)err->sys_errno);
	frame_add_number(writer, (uint64_t)err->reply_code);
	frame_add_number(writer, err->topic);
	frame_add_number(writer, err->reply_offset);
	frame_add_text(writer, err->enhanced_code);
	frame_add_text(writer, err->message);
	frame_add_text(writer, err->hint);
	frame_add_text(writer, err->step);
	frame_add_text(writer, err->mechanism);
	frame_add_text(writer, err->cause);
	frame_add_text(writer, err->address);
}

static void
add_record(struct frame_writer *writer, const struct smtp_record *record)
{
	for (enum smtp_phase phase = 0; phase < SMTP_PHASE_COUNT; phase++) {
		frame_add_number(writer, record->was_reached[phase]);
		frame_add_number(writer, (uint64_t)record->ms[phase]);
	}
	frame_add_number(writer, (uint64_t)record->round_trips);
	frame_add_text(writer, record->tls_version);
	frame_add_text(writer, record->tls_cipher);
	frame_add_text(writer, record->mechanism);
}

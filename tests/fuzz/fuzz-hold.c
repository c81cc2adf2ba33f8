/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as what the other process of a held session says: whatever is taken
 * from them is well-formed, and nothing outside of them is read.
 */
#include <limits.h>
#include <string.h>

#include "submit/hold-frame.h"

#include "fuzz.h"

/* Without settings: its own mechanism is not known. */
static struct account account;

static void
check_command(const char *text)
{
	if (text != NULL)
		require(strpbrk(text, "\r\n") == NULL);
}

static void
check_error(const struct error *err)
{
	require((unsigned)err->code < ERROR_CODE_COUNT);
	require((unsigned)err->topic < ERROR_TOPIC_COUNT);
	check_text(err->message);
	check_text(err->hint);
	check_text(err->enhanced_code);
	require(err->reply_offset <= strlen(err->message));
}

static void
check_request(struct frame *frame)
{
	struct hold_request request;
	const struct smtp_transaction *transaction = &request.transaction;

	if (hold_frame_request(frame, &request)) {
		require(transaction->recipient_count > 0);
		check_command(transaction->sender);
		check_command(transaction->notify);
		check_command(transaction->envelope_id);
		for (size_t i = 0; i < transaction->recipient_count; i++) {
			require(transaction->recipient[i].address != NULL);
			check_command(transaction->recipient[i].address);
			check_command(transaction->recipient[i].original);
		}
	}
	free(request.transaction.recipient);
}

static void
check_line(struct frame *frame)
{
	enum transcript_side side;
	const char *text;

	if (hold_frame_line(frame, &side, &text))
		require((unsigned)side <= TRANSCRIPT_NOTE && text != NULL);
}

static void
check_recipient(struct frame *frame)
{
	struct smtp_recipient recipient = {.address = "bob@example.test"};

	if (!hold_frame_recipient(frame, &account, &recipient))
		return;
	check_error(&recipient.outcome);
	check_text(recipient.reply.text);
	require(recipient.reply.code < 1000);
}

static void
check_outcome(struct frame *frame)
{
	struct hold_outcome outcome;
	struct smtp_progress progress;
	struct error warning;

	switch (frame->type) {
	case HOLD_DONE:
		if (!hold_frame_outcome(frame, &account, &outcome))
			return;
		check_error(&outcome.failure);
		check_text(outcome.record.tls_cipher);
		require(outcome.receipt != NULL &&
		    outcome.receipt_code != NULL &&
		    outcome.record.round_trips >= 0);
		return;
	case HOLD_WARNING:
		if (hold_frame_warning(frame, &account, &warning))
			check_error(&warning);
		return;
	case HOLD_PROGRESS:
		if (hold_frame_progress(frame, &progress))
			require(progress.sent <= progress.total);
		return;
	default:
		return;
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct frame frame;
	long size;

	while ((size = frame_find(data, len, &frame)) > 0) {
		require((size_t)size <= len);
		if (frame.type == HOLD_SEND)
			check_request(&frame);
		else if (frame.type == HOLD_LINE)
			check_line(&frame);
		else if (frame.type == HOLD_RECIPIENT)
			check_recipient(&frame);
		else
			check_outcome(&frame);
		data += size;
		len -= (size_t)size;
	}
	return 0;
}

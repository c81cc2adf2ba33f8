/* SPDX-License-Identifier: MIT */
/*
 * Sends the message, by BDAT or DATA. The server may refuse it at any byte,
 * stop reading, or close; its last reply is read in each case.
 * smtp/transaction-run.c interprets the replies.
 */
#include "smtp/content.h"

#include <assert.h>

#include "smtp/body.h"
#include "smtp/progress.h"
#include "smtp/record.h"
#include "smtp/wire.h"

static int send_by_bdat(struct transaction_run *run, struct error *err);
static int send_chunk(struct transaction_run *run, const char *bytes,
    size_t len, bool is_last, struct error *err);
static int send_by_data(struct transaction_run *run, struct error *err);
static int send_body(struct transaction_run *run, struct error *err);
static int send_bytes(struct transaction_run *run, const char *bytes,
    size_t len, struct error *err);
static int read_early_reply(struct transaction_run *run, struct error *err);
static int content_abandon(const struct transaction_run *run,
    struct error *err);
static void read_remaining_replies(struct transaction_run *run,
    struct error *err);
static int flush_end(struct transaction_run *run, struct error *err);

int
content_send(struct transaction_run *run, struct error *err)
{
	int result;

	progress_begin(wire_stream(run->channel->wire),
	    run->transaction->body.size);
	result = smtp_channel_uses_bdat(run->channel) ? send_by_bdat(run, err)
						      : send_by_data(run, err);
	smtp_record_end(run->channel->params->record, SMTP_PHASE_MESSAGE);
	return result;
}

/* Sends each piece as a chunk, so that a refusal is noticed before the last
 * one. */
static int
send_by_bdat(struct transaction_run *run, struct error *err)
{
	const struct smtp_body *body = &run->transaction->body;
	struct smtp_body_reader *reader = smtp_body_open(body, false, err);
	uint64_t left = body->size;
	int result = reader == NULL ? -1 : 0;

	while (result == 0 && !run->message_sent &&
	    !transaction_run_is_pointless(run)) {
		const char *bytes = "";
		long len = smtp_body_next(reader, &bytes, err);

		if (len == -1) {
			result = -1;
			break;
		}
		assert((uint64_t)len <= left && (len > 0 || left == 0));
		left -= (uint64_t)len;
		result = send_chunk(run, bytes, (size_t)len, left == 0, err);
		while (result == 0 && run->ahead > 0 &&
		    wire_has_input(run->channel->wire))
			result = transaction_run_read(run, err);
	}
	smtp_body_close(reader);
	if (result == 0 && !run->message_sent &&
	    run->transaction->body.size > left)
		return content_abandon(run, err);
	return result;
}

static int
send_chunk(struct transaction_run *run, const char *bytes, size_t len,
    bool is_last, struct error *err)
{
	if (wire_command(run->channel->wire, err, "BDAT %zu%s", len,
		is_last ? " LAST" : "") == -1 ||
	    send_bytes(run, bytes, len, err) == -1)
		return -1;
	if (is_last && flush_end(run, err) == -1)
		return -1;
	return transaction_run_expect(run, err);
}

static int
send_by_data(struct transaction_run *run, struct error *err)
{
	struct wire *wire = run->channel->wire;

	if (transaction_run_is_pointless(run))
		return 0;
	if (wire_command(wire, err, "DATA") == -1)
		return -1;
	run->ahead++;
	if (transaction_run_read_all(run, err) == -1)
		return -1;
	if (!run->data_open)
		return 0;
	/* A server that says 354 although it refused MAIL may have accepted
	   both, and would take a lone dot for an empty message. */
	if (run->cause.code != ERROR_NONE)
		return content_abandon(run, err);
	/* RFC 2920 section 3.1: after a 354 without recipients, only a dot is
	   sent. */
	if (!transaction_run_is_pointless(run) && send_body(run, err) == -1)
		return -1;
	transcript_note(&run->channel->params->transcript,
	    "message of %llu bytes",
	    (unsigned long long)run->transaction->body.size);
	if (wire_command(wire, err, ".") == -1 || flush_end(run, err) == -1)
		return -1;
	run->ahead++;
	return 0;
}

static int
send_body(struct transaction_run *run, struct error *err)
{
	struct smtp_body_reader *reader =
	    smtp_body_open(&run->transaction->body, true, err);
	const char *bytes;
	long len = reader == NULL ? -1 : smtp_body_next(reader, &bytes, err);
	int result = 0;

	while (len > 0 && result == 0) {
		result = send_bytes(run, bytes, (size_t)len, err);
		if (result == 0 && wire_has_input(run->channel->wire))
			result = read_early_reply(run, err);
		if (result == 0)
			len = smtp_body_next(reader, &bytes, err);
	}
	smtp_body_close(reader);
	return len == -1 ? -1 : result;
}

static int
send_bytes(struct transaction_run *run, const char *bytes, size_t len,
    struct error *err)
{
	struct wire *wire = run->channel->wire;

	while (len > 0) {
		long taken = wire_content(wire, bytes, len,
		    run->channel->params->timeout_ms, err);

		if (taken == -1) {
			read_remaining_replies(run, err);
			return -1;
		}
		progress_add(wire_stream(wire), (size_t)taken);
		bytes += taken;
		len -= (size_t)taken;
		if (len > 0 && read_early_reply(run, err) == -1)
			return -1;
	}
	return 0;
}

/*
 * Reads a reply that arrives while the message is sent: to an earlier command,
 * or a refusal of this message before all of it was sent.
 */
static int
read_early_reply(struct transaction_run *run, struct error *err)
{
	bool is_early = run->ahead == 0 || run->data_open;

	if (is_early)
		run->ahead++;
	if (transaction_run_read(run, err) == -1)
		return -1;
	return is_early || transaction_run_is_pointless(run)
	    ? content_abandon(run, err)
	    : 0;
}

/* Ends the exchange: once the server expects a message, nothing else can be
 * sent, and no reply is worth a wait. */
static int
content_abandon(const struct transaction_run *run, struct error *err)
{
	if (run->cause.code == ERROR_NONE)
		return error_set(err, ERROR_TEMPORARY,
		    "%s: replied before the whole message was sent",
		    wire_peer(run->channel->wire));
	*err = run->cause;
	return -1;
}

/* Reads what the server said before it closed, which explains more than the
 * error of the connection. */
static void
read_remaining_replies(struct transaction_run *run, struct error *err)
{
	int result = 0;

	while (result == 0 && run->cause.code == ERROR_NONE &&
	    wire_has_input(run->channel->wire))
		result = read_early_reply(run, err);
}

/*
 * Once the last byte has been sent, the message may have been accepted; before
 * that it has not.
 */
static int
flush_end(struct transaction_run *run, struct error *err)
{
	if (wire_flush(run->channel->wire,
		smtp_params_deadline(run->channel->params), err) == -1) {
		read_remaining_replies(run, err);
		return -1;
	}
	run->message_sent = true;
	return 0;
}

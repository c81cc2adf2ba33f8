/* SPDX-License-Identifier: MIT */
/*
 * The message between RCPT and the reply that takes it over. A server may say
 * no at any byte, stop reading, or close: what it said last is looked for. What
 * it means is in transaction-run.c.
 */
#include "smtp/content.h"

#include <assert.h>

#include "base/clock.h"
#include "smtp/body.h"
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
	return smtp_channel_uses_bdat(run->channel) ? send_by_bdat(run, err)
						    : send_by_data(run, err);
}

/* One chunk a piece, so that a refusal is heard before the last one. */
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
	/* RFC 2920 3.1: a 354 without recipients wants a lone dot. */
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
		bytes += taken;
		len -= (size_t)taken;
		if (len > 0 && read_early_reply(run, err) == -1)
			return -1;
	}
	return 0;
}

/*
 * The server speaks while we do: it answers an earlier command, or refuses this
 * message without having seen all of it.
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

/* Half a message leaves nothing to go on with, nor replies worth a wait. */
static int
content_abandon(const struct transaction_run *run, struct error *err)
{
	if (run->cause.code == ERROR_NONE)
		return error_set(err, ERROR_TEMPORARY,
		    "%s: answered before it had the message",
		    wire_peer(run->channel->wire));
	*err = run->cause;
	return -1;
}

/* Somebody who closes has often said why; it counts more than how it failed. */
static void
read_remaining_replies(struct transaction_run *run, struct error *err)
{
	int result = 0;

	while (result == 0 && run->cause.code == ERROR_NONE &&
	    wire_has_input(run->channel->wire))
		result = read_early_reply(run, err);
}

/*
 * After the last byte has been sent, the message may have arrived; before, it
 * has not.
 */
static int
flush_end(struct transaction_run *run, struct error *err)
{
	if (wire_flush(run->channel->wire,
		clock_now_ms() + run->channel->params->final_timeout_ms,
		err) == -1) {
		read_remaining_replies(run, err);
		return -1;
	}
	run->message_sent = true;
	return 0;
}

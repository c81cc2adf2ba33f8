/* SPDX-License-Identifier: MIT */
/*
 * MAIL, RCPT and the message, in one flight where the server allows it (RFC
 * 2920). What the replies mean is in outcome.c.
 */
#include "smtp/transaction.h"

#include <assert.h>
#include <stdio.h>

#include "smtp/outcome.h"

enum {
	AHEAD_MAX = 64 /* commands without a reply: neither side may block */
};

static int preflight(const struct smtp_transaction *transaction,
    const struct smtp_channel *channel, struct error *err);
static int send_envelope(struct transaction_run *run, struct error *err);
static int send_mail(struct transaction_run *run, struct error *err);
static int send_rcpt(struct transaction_run *run, size_t i, struct error *err);
static int send_by_bdat(struct transaction_run *run, struct error *err);
static int send_chunk(struct transaction_run *run, const char *bytes,
    size_t len, bool is_last, struct error *err);
static int send_by_data(struct transaction_run *run, struct error *err);
static int stream(struct transaction_run *run, struct error *err);
static int written(struct transaction_run *run, struct error *err);

int
smtp_transaction_run(struct smtp_transaction *transaction,
    struct smtp_channel *channel, struct error *err)
{
	struct transaction_run run = {.transaction = transaction,
	    .channel = channel,
	    .state =
		channel->needs_reset ? TRANSACTION_RSET : TRANSACTION_MAIL};
	int result;

	for (size_t i = 0; i < transaction->recipient_count; i++)
		transaction->recipient[i].outcome.code = ERROR_NONE;
	if (preflight(transaction, channel, &run.cause) == -1)
		return outcome_conclude(&run, 0, err);
	result = send_envelope(&run, err);
	if (result == 0)
		result = smtp_channel_uses_bdat(channel)
		    ? send_by_bdat(&run, err)
		    : send_by_data(&run, err);
	if (result == 0)
		result = outcome_read_all(&run, err);
	return outcome_conclude(&run, result, err);
}

bool
smtp_channel_uses_bdat(const struct smtp_channel *channel)
{
	return channel->extensions->chunking && channel->params->chunking;
}

/* What the server has said it can't do isn't tried. */
static int
preflight(const struct smtp_transaction *transaction,
    const struct smtp_channel *channel, struct error *err)
{
	const struct smtp_extensions *extensions = channel->extensions;
	const char *host = channel->params->host;

	if (extensions->size_max > 0 &&
	    transaction->body.size > extensions->size_max) {
		error_set(err, ERROR_DATA,
		    "%s: the message has %llu bytes, it takes at most %llu",
		    host, (unsigned long long)transaction->body.size,
		    (unsigned long long)extensions->size_max);
		return error_hint(err, "share large files by a link");
	}
	if (transaction->utf8 && !extensions->smtputf8) {
		error_set(err, ERROR_REFUSED,
		    "%s: takes no addresses outside ASCII (no SMTPUTF8)", host);
		return error_hint(err,
		    "use an ASCII address of the recipient, or of yourself");
	}
	if (transaction->body.has_8bit && !extensions->eightbitmime)
		transcript_note(&channel->params->transcript,
		    "8-bit text goes to a server that doesn't offer 8BITMIME");
	if (!extensions->dsn &&
	    (transaction->notify != NULL || transaction->return_type != NULL ||
		transaction->envelope_id != NULL))
		transcript_note(&channel->params->transcript,
		    "the server offers no DSN: wishes about delivery reports "
		    "are left out");
	return 0;
}

static int
send_envelope(struct transaction_run *run, struct error *err)
{
	const struct smtp_transaction *transaction = run->transaction;

	if (run->state == TRANSACTION_RSET &&
	    (wire_command(run->channel->wire, err, "RSET") == -1 ||
		written(run, err) == -1))
		return -1;
	run->channel->needs_reset = true; /* until the message is answered */
	if (send_mail(run, err) == -1 || written(run, err) == -1)
		return -1;
	for (size_t i = 0; i < transaction->recipient_count; i++) {
		if (run->cause.code != ERROR_NONE && run->ahead == 0)
			break; /* MAIL was refused: nothing to ask for */
		if (send_rcpt(run, i, err) == -1 || written(run, err) == -1)
			return -1;
	}
	return 0;
}

static int
send_mail(struct transaction_run *run, struct error *err)
{
	const struct smtp_transaction *transaction = run->transaction;
	const struct smtp_extensions *can = run->channel->extensions;
	bool ret = can->dsn && transaction->return_type != NULL;
	bool envid = can->dsn && transaction->envelope_id != NULL;
	char size[32] = "";

	if (can->size)
		snprintf(size, sizeof size, " SIZE=%llu",
		    (unsigned long long)transaction->body.size);
	return wire_command(run->channel->wire, err,
	    "MAIL FROM:<%s>%s%s%s%s%s%s%s", transaction->sender, size,
	    can->eightbitmime && transaction->body.has_8bit ? " BODY=8BITMIME"
							    : "",
	    transaction->utf8 ? " SMTPUTF8" : "", ret ? " RET=" : "",
	    ret ? transaction->return_type : "", envid ? " ENVID=" : "",
	    envid ? transaction->envelope_id : "");
}

static int
send_rcpt(struct transaction_run *run, size_t i, struct error *err)
{
	const struct smtp_transaction *transaction = run->transaction;
	bool notify =
	    run->channel->extensions->dsn && transaction->notify != NULL;

	return wire_command(run->channel->wire, err, "RCPT TO:<%s>%s%s",
	    transaction->recipient[i].address, notify ? " NOTIFY=" : "",
	    notify ? transaction->notify : "");
}

/* One chunk a piece, so that a refusal is heard before the last one. */
static int
send_by_bdat(struct transaction_run *run, struct error *err)
{
	const struct smtp_body *body = &run->transaction->body;
	struct smtp_body_reader *reader = smtp_body_open(body, false, err);
	uint64_t left = body->size;
	int result = reader == NULL ? -1 : 0;

	while (
	    result == 0 && !run->message_sent && !outcome_is_pointless(run)) {
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
			result = outcome_read(run, err);
	}
	smtp_body_close(reader);
	return result;
}

static int
send_chunk(struct transaction_run *run, const char *bytes, size_t len,
    bool is_last, struct error *err)
{
	const struct smtp_params *params = run->channel->params;

	if (wire_command(run->channel->wire, err, "BDAT %zu%s", len,
		is_last ? " LAST" : "") == -1)
		return -1;
	run->message_sent = is_last;
	if (wire_content(run->channel->wire, bytes, len, params->timeout_ms,
		err) == -1)
		return -1;
	return written(run, err);
}

static int
send_by_data(struct transaction_run *run, struct error *err)
{
	struct wire *wire = run->channel->wire;

	if (outcome_is_pointless(run))
		return 0;
	if (wire_command(wire, err, "DATA") == -1)
		return -1;
	run->ahead++;
	if (outcome_read_all(run, err) == -1)
		return -1;
	if (!run->data_open)
		return 0;
	/* RFC 2920 3.1: a 354 without recipients wants a lone dot. */
	if (!outcome_is_pointless(run) && stream(run, err) == -1)
		return -1;
	if (run->state != TRANSACTION_MESSAGE)
		return 0;
	transcript_note(&run->channel->params->transcript,
	    "message of %llu bytes",
	    (unsigned long long)run->transaction->body.size);
	run->message_sent = true;
	run->ahead++;
	return wire_command(wire, err, ".");
}

/* A server that answers before the dot has refused: it is heard at once. */
static int
stream(struct transaction_run *run, struct error *err)
{
	const struct smtp_params *params = run->channel->params;
	struct smtp_body_reader *reader =
	    smtp_body_open(&run->transaction->body, true, err);
	const char *bytes;
	long len = reader == NULL ? -1 : smtp_body_next(reader, &bytes, err);
	int result = 0;

	while (len > 0 && result == 0 && run->state == TRANSACTION_MESSAGE) {
		result = wire_content(run->channel->wire, bytes, (size_t)len,
		    params->timeout_ms, err);
		if (result == 0 && wire_has_input(run->channel->wire)) {
			run->ahead++;
			result = outcome_read(run, err);
			run->channel->is_broken = true;
		}
		if (result == 0)
			len = smtp_body_next(reader, &bytes, err);
	}
	smtp_body_close(reader);
	return len == -1 ? -1 : result;
}

/* A command was written: its reply is read now, or later with the others. */
static int
written(struct transaction_run *run, struct error *err)
{
	run->ahead++;
	if (!run->channel->extensions->pipelining)
		return outcome_read_all(run, err);
	return run->ahead < AHEAD_MAX ? 0 : outcome_read(run, err);
}

/* SPDX-License-Identifier: MIT */
/*
 * Sends MAIL and RCPT, in one flight with the message if the server allows
 * pipelining (RFC 2920). smtp/content.c sends the message;
 * smtp/transaction-run.c interprets the replies.
 */
#include "smtp/transaction.h"

#include <stdio.h>

#include "smtp/content.h"
#include "smtp/progress.h"
#include "smtp/transaction-run.h"

static int transaction_preflight(const struct smtp_transaction *transaction,
    const struct smtp_channel *channel, struct error *err);
static int send_envelope(struct transaction_run *run, struct error *err);
static int send_mail(struct transaction_run *run, struct error *err);
static int send_rcpt(struct transaction_run *run, size_t i, struct error *err);

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
	if (transaction_preflight(transaction, channel, &run.cause) == -1)
		return transaction_run_conclude(&run, 0, err);
	result = send_envelope(&run, err);
	if (result == 0)
		result = content_send(&run, err);
	if (result == 0)
		result = transaction_run_read_all(&run, err);
	progress_end(wire_stream(channel->wire));
	return transaction_run_conclude(&run, result, err);
}

bool
smtp_channel_uses_bdat(const struct smtp_channel *channel)
{
	return channel->extensions->chunking && channel->params->chunking;
}

/* Refuses what the server has announced that it can't accept. */
static int
transaction_preflight(const struct smtp_transaction *transaction,
    const struct smtp_channel *channel, struct error *err)
{
	const struct smtp_extensions *extensions = channel->extensions;
	const char *host = channel->params->host;

	if (extensions->size_max > 0 &&
	    transaction->body.size > extensions->size_max) {
		error_set(err, ERROR_DATA,
		    "%s: the message has %llu bytes; the server accepts at "
		    "most "
		    "%llu",
		    host, (unsigned long long)transaction->body.size,
		    (unsigned long long)extensions->size_max);
		return error_hint(err, "share large files by a link");
	}
	if (transaction->utf8 && !extensions->smtputf8) {
		error_set(err, ERROR_REFUSED,
		    "%s: accepts only ASCII addresses (no SMTPUTF8)", host);
		return error_hint(err,
		    "use an ASCII address of the recipient or the sender");
	}
	if (transaction->body.has_8bit && !extensions->eightbitmime)
		transcript_note(&channel->params->transcript,
		    "sending 8-bit text although the server does not offer "
		    "8BITMIME");
	if (!extensions->dsn &&
	    (transaction->notify != NULL || transaction->return_type != NULL ||
		transaction->envelope_id != NULL))
		transcript_note(&channel->params->transcript,
		    "the server does not offer DSN: the options for delivery "
		    "reports are not sent");
	return 0;
}

static int
send_envelope(struct transaction_run *run, struct error *err)
{
	const struct smtp_transaction *transaction = run->transaction;

	if (wire_check_silence(run->channel->wire, err) == -1)
		return -1;
	if (run->state == TRANSACTION_RSET &&
	    (wire_command(run->channel->wire, err, "RSET") == -1 ||
		transaction_run_expect(run, err) == -1))
		return -1;
	run->channel->needs_reset = true; /* until the reply to the message */
	if (send_mail(run, err) == -1 || transaction_run_expect(run, err) == -1)
		return -1;
	for (size_t i = 0; i < transaction->recipient_count; i++) {
		if (run->cause.code != ERROR_NONE && run->ahead == 0)
			break; /* MAIL was refused: RCPT would be, too */
		if (send_rcpt(run, i, err) == -1 ||
		    transaction_run_expect(run, err) == -1)
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

/* SPDX-License-Identifier: MIT */
/*
 * Sends MAIL and RCPT with the parameters that the server supports.
 */
#include "smtp/transaction-commands.h"

#include <stdio.h>

static bool wants_reports(const struct smtp_transaction *transaction);
static int send_mail(struct transaction_run *run, struct error *err);

int
transaction_check(const struct smtp_transaction *transaction,
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
	if (!extensions->dsn && wants_reports(transaction))
		transcript_note(&channel->params->transcript,
		    "the server does not offer DSN: the options for delivery "
		    "reports are not sent");
	return 0;
}

int
transaction_send_mail(struct transaction_run *run, struct error *err)
{
	struct wire *wire = run->channel->wire;

	if (wire_check_silence(wire, err) == -1)
		return -1;
	if (run->state == TRANSACTION_RSET &&
	    (wire_command(wire, err, "RSET") == -1 ||
		transaction_run_expect(run, err) == -1))
		return -1;
	run->channel->needs_reset = true; /* until the reply to the message */
	if (send_mail(run, err) == -1)
		return -1;
	return transaction_run_expect(run, err);
}

int
transaction_send_rcpt(struct transaction_run *run, size_t i, struct error *err)
{
	const struct smtp_transaction *transaction = run->transaction;
	const struct smtp_recipient *recipient = &transaction->recipient[i];
	const char *notify =
	    recipient->notify != NULL ? recipient->notify : transaction->notify;
	bool has_notify = run->channel->extensions->dsn && notify != NULL;
	bool has_original =
	    run->channel->extensions->dsn && recipient->original != NULL;

	if (wire_command(run->channel->wire, err, "RCPT TO:<%s>%s%s%s%s",
		recipient->address, has_notify ? " NOTIFY=" : "",
		has_notify ? notify : "", has_original ? " ORCPT=" : "",
		has_original ? recipient->original : "") == -1)
		return -1;
	return transaction_run_expect(run, err);
}

static bool
wants_reports(const struct smtp_transaction *transaction)
{
	if (transaction->notify != NULL || transaction->return_type != NULL ||
	    transaction->envelope_id != NULL)
		return true;
	for (size_t i = 0; i < transaction->recipient_count; i++) {
		if (transaction->recipient[i].notify != NULL ||
		    transaction->recipient[i].original != NULL)
			return true;
	}
	return false;
}

static int
send_mail(struct transaction_run *run, struct error *err)
{
	const struct smtp_transaction *transaction = run->transaction;
	const struct smtp_extensions *can = run->channel->extensions;
	bool ret = can->dsn && transaction->return_type != NULL;
	bool envid = can->dsn && transaction->envelope_id != NULL;
	char size[32] = "";

	if (can->size && transaction->body.size > 0)
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

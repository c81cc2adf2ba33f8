/* SPDX-License-Identifier: MIT */
/*
 * Sends a message whose recipients are all known, in one flight with MAIL and
 * RCPT if the server allows pipelining (RFC 2920). smtp/content.c sends the
 * message; smtp/transaction-run.c interprets the replies.
 */
#include "smtp/transaction.h"

#include "smtp/content.h"
#include "smtp/progress.h"
#include "smtp/transaction-commands.h"
#include "smtp/transaction-run.h"

static int send_envelope(struct transaction_run *run, struct error *err);

int
smtp_transaction_run(struct smtp_transaction *transaction,
    struct smtp_channel *channel, struct error *err)
{
	struct transaction_run run = {.transaction = transaction,
	    .channel = channel,
	    .state =
		channel->needs_reset ? TRANSACTION_RSET : TRANSACTION_MAIL};
	int result;

	for (size_t i = 0; i < transaction->recipient_count; i++) {
		transaction->recipient[i].outcome.code = ERROR_NONE;
		transaction->recipient[i].reply.code = 0;
	}
	if (transaction_check(transaction, channel, &run.cause) == -1)
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

static int
send_envelope(struct transaction_run *run, struct error *err)
{
	const struct smtp_transaction *transaction = run->transaction;

	if (transaction_send_mail(run, err) == -1)
		return -1;
	for (size_t i = 0; i < transaction->recipient_count; i++) {
		if (run->cause.code != ERROR_NONE && run->ahead == 0)
			break; /* MAIL was refused: RCPT would be, too */
		if (transaction_send_rcpt(run, i, err) == -1)
			return -1;
	}
	return 0;
}

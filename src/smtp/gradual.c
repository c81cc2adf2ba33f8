/* SPDX-License-Identifier: MIT */
/*
 * Runs a transaction in steps. As many commands as possible are sent before a
 * reply is read.
 */
#include "smtp/gradual.h"

#include "smtp/content.h"
#include "smtp/progress.h"
#include "smtp/transaction-commands.h"

static void gradual_skip(struct transaction_run *run);
static int gradual_break_off(struct transaction_run *run, struct error *err);

int
smtp_gradual_begin(struct smtp_gradual *gradual,
    struct smtp_transaction *transaction, struct smtp_channel *channel,
    struct error *err)
{
	struct transaction_run *run = &gradual->run;

	*run = (struct transaction_run){.transaction = transaction,
	    .channel = channel,
	    .state =
		channel->needs_reset ? TRANSACTION_RSET : TRANSACTION_MAIL};
	if (transaction_send_mail(run, err) == -1)
		return gradual_break_off(run, err);
	return 0;
}

int
smtp_gradual_add(struct smtp_gradual *gradual, struct error *err)
{
	struct transaction_run *run = &gradual->run;
	size_t i = run->transaction->recipient_count - 1;

	run->transaction->recipient[i].outcome.code = ERROR_NONE;
	/* All replies so far may have been read. */
	if (run->state > TRANSACTION_RCPT)
		run->state = TRANSACTION_RCPT;
	if (run->cause.code != ERROR_NONE && run->ahead == 0) {
		gradual_skip(run);
		return 0;
	}
	if (transaction_send_rcpt(run, i, err) == -1)
		return gradual_break_off(run, err);
	return 0;
}

int
smtp_gradual_await(struct smtp_gradual *gradual, size_t i, struct error *err)
{
	struct transaction_run *run = &gradual->run;

	while (run->recipient <= i) {
		if (transaction_run_read(run, err) == -1)
			return gradual_break_off(run, err);
	}
	return 0;
}

size_t
smtp_gradual_accepted(const struct smtp_gradual *gradual)
{
	return gradual->run.accepted;
}

int
smtp_gradual_finish(struct smtp_gradual *gradual, struct error *err)
{
	struct transaction_run *run = &gradual->run;
	int result;

	if (run->cause.code == ERROR_NONE &&
	    transaction_check(run->transaction, run->channel, &run->cause) ==
		-1)
		return transaction_run_conclude(run, 0, err);
	result = content_send(run, err);
	if (result == 0)
		result = transaction_run_read_all(run, err);
	progress_end(wire_stream(run->channel->wire));
	return transaction_run_conclude(run, result, err);
}

/* MAIL was refused: RCPT would be, too. */
static void
gradual_skip(struct transaction_run *run)
{
	struct smtp_transaction *transaction = run->transaction;

	transaction->recipient[run->recipient++].outcome = run->cause;
}

static int
gradual_break_off(struct transaction_run *run, struct error *err)
{
	return transaction_run_conclude(run, -1, err);
}

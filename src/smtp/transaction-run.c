/* SPDX-License-Identifier: MIT */
/*
 * Reads the replies of a transaction and derives the outcome for each
 * recipient. Sends nothing.
 */
#include "smtp/transaction-run.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "smtp/record.h"

enum {
	AHEAD_MAX =
	    64 /* unanswered commands: more could make both sides block */
};

static void transaction_run_enter(struct transaction_run *run,
    enum transaction_state state);

/* Takes the reply that a state waits for. */
typedef void reply_handler(struct transaction_run *run,
    const struct smtp_reply *reply);

static reply_handler on_rset, on_mail, on_rcpt, on_data, on_chunk, on_message;
static int transaction_refuse(const struct transaction_run *run,
    const struct smtp_reply *reply, const char *doing, struct error *err);
static void judge_recipient(struct transaction_run *run,
    struct smtp_recipient *recipient, const struct smtp_reply *reply);
static void set_ambiguous(struct error *err, const struct error *failure);
static void mark_lost(struct transaction_run *run, const struct error *failure);

static reply_handler *const reply_handlers[TRANSACTION_STATE_COUNT] = {
    [TRANSACTION_RSET] = on_rset,
    [TRANSACTION_MAIL] = on_mail,
    [TRANSACTION_RCPT] = on_rcpt,
    [TRANSACTION_DATA] = on_data,
    [TRANSACTION_CHUNK] = on_chunk,
    [TRANSACTION_MESSAGE] = on_message,
};

static const enum smtp_phase state_phases[TRANSACTION_STATE_COUNT] = {
    [TRANSACTION_RSET] = SMTP_PHASE_MAIL,
    [TRANSACTION_MAIL] = SMTP_PHASE_MAIL,
    [TRANSACTION_RCPT] = SMTP_PHASE_RCPT,
    [TRANSACTION_DATA] = SMTP_PHASE_DATA,
    [TRANSACTION_CHUNK] = SMTP_PHASE_MESSAGE,
    [TRANSACTION_MESSAGE] = SMTP_PHASE_MESSAGE,
    [TRANSACTION_DONE] = SMTP_PHASE_MESSAGE,
};

int
transaction_run_expect(struct transaction_run *run, struct error *err)
{
	run->ahead++;
	if (run->channel->extensions->pipelining)
		return run->ahead < AHEAD_MAX ? 0
					      : transaction_run_read(run, err);
	if (transaction_run_read_all(run, err) == -1)
		return -1;
	/* Input after the last reply is ignored. */
	return run->state == TRANSACTION_DONE
	    ? 0
	    : wire_check_silence(run->channel->wire, err);
}

int
transaction_run_read(struct transaction_run *run, struct error *err)
{
	struct smtp_channel *channel = run->channel;
	const struct smtp_params *params = channel->params;
	bool is_final = run->message_sent && run->ahead == 1;
	int64_t deadline_ms = is_final
	    ? clock_now_ms() + params->final_timeout_ms
	    : smtp_params_deadline(params);
	int result;

	run->is_early = wire_has_early_input(channel->wire);
	result =
	    smtp_reply_read(channel->reply, channel->wire, deadline_ms, err);
	smtp_record_round_trips(params->record, channel->wire);
	smtp_record_end(params->record, state_phases[run->state]);
	if (result == -1)
		return -1;
	run->ahead--;
	if (is_final && run->state == TRANSACTION_CHUNK)
		transaction_run_enter(run, TRANSACTION_MESSAGE);
	reply_handlers[run->state](run, channel->reply);
	return 0;
}

int
transaction_run_read_all(struct transaction_run *run, struct error *err)
{
	while (run->ahead > 0) {
		if (transaction_run_read(run, err) == -1)
			return -1;
	}
	return 0;
}

bool
transaction_run_is_pointless(const struct transaction_run *run)
{
	return run->cause.code != ERROR_NONE ||
	    (run->recipient == run->transaction->recipient_count &&
		run->accepted == 0);
}

int
transaction_run_conclude(struct transaction_run *run, int result,
    struct error *err)
{
	struct smtp_transaction *transaction = run->transaction;

	if (result == -1) {
		run->channel->is_broken = true;
		mark_lost(run, err);
		return -1;
	}
	for (size_t i = 0;
	     run->cause.code != ERROR_NONE && i < transaction->recipient_count;
	     i++) {
		if (transaction->recipient[i].outcome.code == ERROR_NONE)
			transaction->recipient[i].outcome = run->cause;
	}
	if (run->cause.code == ERROR_NONE && run->accepted > 0)
		return 0;
	*err = run->cause.code != ERROR_NONE
	    ? run->cause
	    : transaction->recipient[0].outcome;
	return -1;
}

static void
transaction_run_enter(struct transaction_run *run, enum transaction_state state)
{
	run->state = state;
}

static int
transaction_refuse(const struct transaction_run *run,
    const struct smtp_reply *reply, const char *doing, struct error *err)
{
	smtp_reply_fail(reply, wire_peer(run->channel->wire), doing, err);
	err->step = smtp_phase_names[state_phases[run->state]];
	return -1;
}

/* If RSET failed, so will MAIL. */
static void
on_rset(struct transaction_run *run, const struct smtp_reply *reply)
{
	(void)reply;
	transaction_run_enter(run, TRANSACTION_MAIL);
}

static void
on_mail(struct transaction_run *run, const struct smtp_reply *reply)
{
	char doing[512];

	snprintf(doing, sizeof doing, "the sender <%s>",
	    run->transaction->sender);
	if (smtp_reply_class(reply) != 2)
		transaction_refuse(run, reply, doing, &run->cause);
	transaction_run_enter(run, TRANSACTION_RCPT);
}

static void
on_rcpt(struct transaction_run *run, const struct smtp_reply *reply)
{
	struct smtp_transaction *transaction = run->transaction;
	const struct smtp_channel *channel = run->channel;

	judge_recipient(run, &transaction->recipient[run->recipient], reply);
	if (++run->recipient == transaction->recipient_count)
		transaction_run_enter(run,
		    smtp_channel_uses_bdat(channel) ? TRANSACTION_CHUNK
						    : TRANSACTION_DATA);
}

static void
judge_recipient(struct transaction_run *run, struct smtp_recipient *recipient,
    const struct smtp_reply *reply)
{
	struct error *outcome = &recipient->outcome;
	bool is_bare = reply->enhanced[0] == '\0';
	char doing[512];

	if (run->cause.code == ERROR_NONE)
		smtp_reply_keep(reply, &recipient->reply);
	if (smtp_reply_class(reply) == 2) {
		run->accepted++;
		return;
	}
	if (run->cause.code != ERROR_NONE) { /* MAIL was refused */
		*outcome = run->cause;
		return;
	}
	snprintf(doing, sizeof doing, "the recipient <%s>", recipient->address);
	transaction_refuse(run, reply, doing, outcome);
	if (reply->code == 552) /* too many (RFC 5321 section 4.5.3.1.10) */
		outcome->code = ERROR_TEMPORARY;
	else if (is_bare &&
	    (reply->code == 550 || reply->code == 551 || reply->code == 553))
		outcome->code = ERROR_NO_USER;
}

static void
on_data(struct transaction_run *run, const struct smtp_reply *reply)
{
	run->data_open = reply->code == 354;
	if (run->data_open) {
		transaction_run_enter(run, TRANSACTION_MESSAGE);
		return;
	}
	if (!transaction_run_is_pointless(run))
		transaction_refuse(run, reply, "the message", &run->cause);
	transaction_run_enter(run, TRANSACTION_DONE);
}

static void
on_chunk(struct transaction_run *run, const struct smtp_reply *reply)
{
	if (smtp_reply_class(reply) != 2 && !transaction_run_is_pointless(run))
		transaction_refuse(run, reply, "the message", &run->cause);
}

static void
on_message(struct transaction_run *run, const struct smtp_reply *reply)
{
	struct smtp_transaction *transaction = run->transaction;

	run->channel->needs_reset = false;
	transaction_run_enter(run, TRANSACTION_DONE);
	if (transaction_run_is_pointless(run)) {
		/* MAIL or a chunk was refused, but the last one was not. */
		if (run->accepted > 0 && smtp_reply_class(reply) < 4)
			set_ambiguous(&run->cause, &run->cause);
		return;
	}
	if (smtp_reply_class(reply) != 2 || !run->message_sent ||
	    run->is_early) {
		transaction_refuse(run, reply, "the message", &run->cause);
		/* Only 4xx and 5xx say that it was not accepted. */
		if (smtp_reply_class(reply) < 4 && run->message_sent)
			set_ambiguous(&run->cause, &run->cause);
		return;
	}
	text_printable(transaction->receipt, sizeof transaction->receipt,
	    buf_text(&reply->text), reply->text.len);
	memcpy(transaction->receipt_code, reply->enhanced,
	    sizeof transaction->receipt_code);
}

/* The whole message was sent, but not answered. */
static void
set_ambiguous(struct error *err, const struct error *failure)
{
	error_set(err, ERROR_AMBIGUOUS,
	    "%s; the message was sent, and the server may have accepted it",
	    failure->message);
	err->step = smtp_phase_names[SMTP_PHASE_MESSAGE];
}

/*
 * The connection failed, or the message couldn't be read. Recipients that were
 * refused remain refused. A server that refused MAIL or a chunk, but a
 * recipient not, may have accepted the last chunk all the same.
 */
static void
mark_lost(struct transaction_run *run, const struct error *failure)
{
	struct smtp_transaction *transaction = run->transaction;
	bool is_refused = run->cause.code != ERROR_NONE;

	for (size_t i = 0; i < transaction->recipient_count; i++) {
		struct error *outcome = &transaction->recipient[i].outcome;

		if (outcome->code != ERROR_NONE)
			continue;
		*outcome = is_refused ? run->cause : *failure;
		if (outcome->step == NULL)
			outcome->step =
			    smtp_phase_names[state_phases[run->state]];
		if (run->message_sent && (!is_refused || run->accepted > 0))
			set_ambiguous(outcome, outcome);
	}
}

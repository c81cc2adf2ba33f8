/* SPDX-License-Identifier: MIT */
/*
 * Sends messages of one account, and decides after each whether the next one is
 * worth a try.
 */
#include "queue/send.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/interruption.h"
#include "base/text.h"
#include "queue/schedule.h"
#include "queue/sending.h"
#include "report/report.h"
#include "spool/account-hold.h"
#include "submit/log.h"
#include "submit/queued-outcome.h"
#include "submit/queued-route.h"

struct sender {
	const struct queue *queue;
	const struct queue_batch *batch;
	const struct queue_channel *channel;
	struct settings flags; /* none */
	struct route route;
	struct report report;
	struct message message; /* of one after the other */
	struct held_session held;
	struct delivery_observer observer;
	struct account_hold hold;    /* of the account, if it waits */
	bool is_waiting;             /* there is one */
	char (*more)[SPOOL_ID_SIZE]; /* that have come since the batch */
	size_t more_count;
	size_t next; /* in the batch, then in those */
	int status;
};

static int find_account(struct sender *sender, struct error *err);
static int prepare_message(struct message *message, struct error *err);
static void send_all(struct sender *sender);
static bool send_next(struct sender *sender);
static bool may_go_on(const struct sender *sender);
static bool send_one(struct sender *sender, const char *id);
static void show_progress(struct sender *sender);
static bool send_loaded(struct sender *sender, struct sending *sending);
static bool send_prepared(struct sender *sender, struct sending *sending);
static void postpone(struct sender *sender, struct sending *sending,
    const struct error *failure);
static void hold_account(struct sender *sender, const struct error *failure);
static void release_account(struct sender *sender);
static void expire_rest(struct sender *sender);
static void expire_one(struct sender *sender, const char *id);
static void log_expiry(const struct sending *sending);
static void report_message(const struct sender *sender,
    const struct sending *sending, enum error_code outcome);
static void report_trouble(struct sender *sender, const struct error *err);
static void on_warning(void *context, const struct error *warning);

int
queue_send(const struct queue *queue, const struct queue_batch *batch,
    const struct queue_channel *channel)
{
	struct sender sender = {.queue = queue,
	    .batch = batch,
	    .channel = channel,
	    .status = QUEUE_SENT};
	struct error err;

	report_init(&sender.report, queue->report);
	settings_init(&sender.flags);
	route_init(&sender.route);
	message_init(&sender.message);
	sender.is_waiting = account_hold_load(&queue->spool, batch->account,
	    ACCOUNT_WAITS, &sender.hold);
	if (batch->network_changed)
		sender.hold.tries = 0;
	if (find_account(&sender, &err) == -1 ||
	    prepare_message(&sender.message, &err) == -1) {
		error_prefix(&err, "queue");
		report_error(&err);
		hold_account(&sender, &err);
		expire_rest(&sender);
	} else {
		send_all(&sender);
	}
	free(sender.more);
	account_hold_done(&sender.hold);
	message_done(&sender.message);
	route_done(&sender.route);
	settings_done(&sender.flags);
	return interruption_caught() != 0
	    ? INTERRUPTION_STATUS + interruption_caught()
	    : sender.status;
}

/* The run tries once: the queue is what tries again. */
static int
find_account(struct sender *sender, struct error *err)
{
	if (queued_route_resolve(&sender->route, sender->batch->account,
		&sender->flags, err) == -1)
		return -1;
	return text_replace(&sender->route.account->text[SETTING_RETRIES], "0",
	    err);
}

/* A confined process can't create the file for a large message. */
static int
prepare_message(struct message *message, struct error *err)
{
	struct error ignored;

	message->source = source_new(err);
	if (message->source == NULL)
		return -1;
	source_prepare_file(message->source, &ignored);
	return 0;
}

static void
send_all(struct sender *sender)
{
	const struct attempt_observer steps = {.context = &sender->report,
	    .on_warning = on_warning,
	    .transcript = report_transcript(&sender->report)};
	const struct account *account = sender->route.account;

	sender->observer = (struct delivery_observer){.on_warning = on_warning,
	    .context = &sender->report,
	    .transcript = steps.transcript};
	held_session_init(&sender->held, &sender->route, &steps);
	sender->held.attempt.may_confine = true;
	sender->held.attempt.log_path = account->text[SETTING_LOG_FILE];
	sender->held.attempt.state_path = sender->queue->spool.path;
	while (may_go_on(sender) &&
	    !schedule_account_is_held(&sender->queue->spool,
		sender->batch->account) &&
	    send_next(sender))
		held_session_make_way(&sender->held, SESSION_SLOTS_TURN_MS);
	progress_line_text(&sender->report.progress, NULL);
	held_session_done(&sender->held);
}

/* Returns false at the end. A message that comes while the session is open goes
 * over it, too. */
static bool
send_next(struct sender *sender)
{
	const struct queue_batch *batch = sender->batch;

	if (sender->next < batch->count) {
		if (send_one(sender, batch->id[sender->next++]))
			return true;
		expire_rest(sender);
		return false;
	}
	if (sender->next < batch->count + sender->more_count)
		return send_one(sender,
		    sender->more[sender->next++ - batch->count]);
	if (!batch->takes_more || sender->status != QUEUE_SENT ||
	    !held_session_is_open(&sender->held))
		return false;
	free(sender->more);
	sender->more_count = schedule_find_due(&sender->queue->spool,
	    batch->account, &sender->more);
	sender->next = batch->count;
	return sender->more_count > 0;
}

static bool
may_go_on(const struct sender *sender)
{
	struct pollfd stop = {.fd = sender->channel->stop, .events = POLLIN};

	return interruption_caught() == 0 && poll(&stop, 1, 0) <= 0;
}

/* Returns whether the next message may be tried. */
static bool
send_one(struct sender *sender, const char *id)
{
	struct sending sending = {.spool = &sender->queue->spool,
	    .message = &sender->message,
	    .fd = -1};
	struct error err;
	bool goes_on = true;

	show_progress(sender);
	spool_entry_init(&sending.entry);
	if (sending_load(&sending, id, &err) == 0)
		goes_on = send_loaded(sender, &sending);
	else if (err.code != ERROR_USAGE) /* it is gone */
		report_trouble(sender, &err);
	sending_done(&sending);
	return goes_on;
}

static void
show_progress(struct sender *sender)
{
	const struct queue_batch *batch = sender->batch;
	char text[64];

	if (batch->total == 0)
		return;
	snprintf(text, sizeof text, "sending %zu of %zu",
	    batch->before + sender->next, batch->total);
	progress_line_text(&sender->report.progress, text);
}

/* It may have been sent or held since the batch was made. */
static bool
send_loaded(struct sender *sender, struct sending *sending)
{
	struct error err;

	if (spool_entry_count(&sending->entry, SPOOL_WAITING) == 0 ||
	    sending->entry.number[SPOOL_HELD] != 0)
		return true;
	if (sending_prepare(sending, &sender->route, &err) == 0)
		return send_prepared(sender, sending);
	progress_line_text(&sender->report.progress, NULL);
	report_error(&err);
	postpone(sender, sending, &err);
	return true;
}

static bool
send_prepared(struct sender *sender, struct sending *sending)
{
	const struct error *failure;
	enum error_code worst;
	struct error err;

	delivery_run_in(&sending->delivery, &sender->held, &sender->observer);
	progress_line_text(&sender->report.progress, NULL);
	if (sending_settle(sending, &failure, &err) == -1)
		report_trouble(sender, &err);
	report_outcome(&sender->report, &sending->delivery);
	worst = delivery_worst(&sending->delivery)->code;
	log_expiry(sending);
	report_message(sender, sending, worst);
	if (sending->delivery.signal_number != 0)
		return false;
	if (failure == NULL) {
		release_account(sender);
		return true;
	}
	hold_account(sender, failure);
	return false;
}

/* After a failure before there was a delivery. */
static void
postpone(struct sender *sender, struct sending *sending,
    const struct error *failure)
{
	struct error err;

	queued_outcome_postpone(&sending->entry, failure);
	queued_outcome_expire(&sending->entry, sender->route.account);
	if (spool_save(sending->spool, &sending->entry, &err) == -1)
		report_trouble(sender, &err);
	report_message(sender, sending, failure->code);
}

static void
hold_account(struct sender *sender, const struct error *failure)
{
	struct queue_report report = {.outcome = failure->code};
	struct error err;

	report.needs_user = queued_outcome_hold(&sender->hold, failure);
	if (account_hold_save(&sender->queue->spool, sender->batch->account,
		ACCOUNT_WAITS, &sender->hold, &err) == -1)
		report_trouble(sender, &err);
	file_write(sender->channel->reports, &report, sizeof report, &err);
}

/* The server has taken part in a transaction: so the account works. */
static void
release_account(struct sender *sender)
{
	struct error err;

	if (!sender->is_waiting && sender->hold.since == 0)
		return;
	if (account_hold_remove(&sender->queue->spool, sender->batch->account,
		ACCOUNT_WAITS, &err) == -1)
		report_trouble(sender, &err);
	account_hold_done(&sender->hold);
	sender->is_waiting = false;
}

/* What is not tried gets too old nonetheless. */
static void
expire_rest(struct sender *sender)
{
	while (sender->next < sender->batch->count && may_go_on(sender))
		expire_one(sender, sender->batch->id[sender->next++]);
}

static void
expire_one(struct sender *sender, const char *id)
{
	const struct account *account = sender->route.account;
	struct sending sending = {.spool = &sender->queue->spool,
	    .message = &sender->message,
	    .fd = -1};
	struct spool_entry entry;
	struct error err;
	bool is_old;

	spool_entry_init(&entry);
	is_old = spool_load(sending.spool, id, &entry, &err) == 0 &&
	    queued_outcome_expire(&entry, account);
	spool_entry_done(&entry);
	if (!is_old)
		return;
	spool_entry_init(&sending.entry);
	if (sending_load(&sending, id, &err) == 0) {
		bool can_be_logged = account != NULL &&
		    sending_prepare(&sending, &sender->route, &err) == 0;

		queued_outcome_expire(&sending.entry, account);
		if (spool_save(sending.spool, &sending.entry, &err) == -1)
			report_trouble(sender, &err);
		else if (can_be_logged)
			log_expiry(&sending);
		report_message(sender, &sending, ERROR_LATER);
	}
	sending_done(&sending);
}

/* The try itself was logged before. */
static void
log_expiry(const struct sending *sending)
{
	struct error expiry;
	struct error ignored;

	if (spool_entry_count(&sending->entry, SPOOL_EXPIRED) == 0)
		return;
	error_set(&expiry, ERROR_LATER,
	    "queued message %s is not tried again: not accepted within %s",
	    sending->entry.id,
	    sending->delivery.route->account->text[SETTING_QUEUE_LIFETIME]);
	log_failure(&sending->delivery, &expiry, &ignored);
}

static void
report_message(const struct sender *sender, const struct sending *sending,
    enum error_code outcome)
{
	struct queue_report report = {.outcome = outcome,
	    .is_failed = sending_has_failed(sending)};
	struct error ignored;

	memcpy(report.id, sending->entry.id, sizeof report.id);
	file_write(sender->channel->reports, &report, sizeof report, &ignored);
}

/* The message is due again at once, but trying it at once makes no sense. */
static void
report_trouble(struct sender *sender, const struct error *err)
{
	progress_line_text(&sender->report.progress, NULL);
	report_error(err);
	sender->status = QUEUE_BROKEN;
}

static void
on_warning(void *context, const struct error *warning)
{
	struct report *report = context;

	progress_line_text(&report->progress, NULL);
	if (!report->quiet)
		report_warning(report, warning);
}

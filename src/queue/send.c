/* SPDX-License-Identifier: MIT */
/*
 * Sends messages of one account. Each is marked on disk as being sent before
 * its last bytes are: whenever this process ends, what is on disk tells whether
 * the server can have accepted the message.
 */
#include "queue/send.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/interruption.h"
#include "report/report.h"
#include "submit/delivery.h"
#include "submit/queued-outcome.h"

enum {
	PIECE_SIZE = 65536
};

struct sender {
	const struct queue *queue;
	const struct queue_batch *batch;
	struct settings flags; /* none */
	struct route route;
	struct report report;
	struct message message; /* of one after the other */
	struct held_session held;
	struct delivery_observer observer;
};

/* One message on its way. */
struct sending {
	const struct spool *spool;
	struct spool_entry entry;
	struct envelope envelope; /* texts are those of entry */
	struct message *message;
	struct delivery delivery;
	int fd; /* has the lock */
};

static int find_account(struct sender *sender, struct error *err);
static int prepare_message(struct message *message, struct error *err);
static int send_all(struct sender *sender);
static bool send_one(struct sender *sender, const char *id);
static int sending_load(struct sending *sending, const char *id,
    struct error *err);
static int sending_prepare(struct sending *sending, const struct route *route,
    struct error *err);
static int sending_read(struct sending *sending, struct error *err);
static void sending_done(struct sending *sending);
static int before_end(void *context, struct error *err);
static void settle(struct sending *sending);
static void on_warning(void *context, const struct error *warning);

int
queue_send(const struct queue *queue, const struct queue_batch *batch)
{
	struct sender sender = {.queue = queue, .batch = batch};
	struct error err;
	int status;

	report_init(&sender.report, queue->report);
	settings_init(&sender.flags);
	route_init(&sender.route);
	message_init(&sender.message);
	if (find_account(&sender, &err) == -1 ||
	    prepare_message(&sender.message, &err) == -1) {
		error_prefix(&err, "queue");
		report_error(&err);
		status = 0;
	} else {
		status = send_all(&sender);
	}
	message_done(&sender.message);
	route_done(&sender.route);
	settings_done(&sender.flags);
	return status;
}

/* The run tries once: the queue is what tries again. */
static int
find_account(struct sender *sender, struct error *err)
{
	const struct account_query query = {.name = sender->batch->account,
	    .flags = &sender->flags};
	char **retries;

	if (route_load(&sender->route, NULL, err) == -1 ||
	    route_resolve(&sender->route, &query, NULL, err) == -1)
		return -1;
	retries = &sender->route.account->text[SETTING_RETRIES];
	free(*retries);
	*retries = strdup("0");
	return *retries != NULL ? 0 : error_no_memory(err);
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

static int
send_all(struct sender *sender)
{
	const struct attempt_observer steps = {.context = &sender->report,
	    .on_warning = on_warning,
	    .transcript = report_transcript(&sender->report)};
	const struct account *account = sender->route.account;
	bool goes_on = true;

	sender->observer = (struct delivery_observer){.on_warning = on_warning,
	    .context = &sender->report,
	    .transcript = steps.transcript};
	held_session_init(&sender->held, &sender->route, &steps);
	sender->held.attempt.may_confine = true;
	sender->held.attempt.log_path = account->text[SETTING_LOG_FILE];
	sender->held.attempt.state_path = sender->queue->spool.path;
	for (size_t i = 0; goes_on && i < sender->batch->count; i++)
		goes_on = send_one(sender, sender->batch->id[i]);
	held_session_done(&sender->held);
	return interruption_caught() != 0
	    ? INTERRUPTION_STATUS + interruption_caught()
	    : 0;
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

	spool_entry_init(&sending.entry);
	if (sending_load(&sending, id, &err) == -1) {
		report_error(&err);
	} else if (spool_entry_count(&sending.entry, SPOOL_WAITING) == 0) {
		goes_on = true;
	} else if (sending_prepare(&sending, &sender->route, &err) == -1) {
		struct error why = err;

		report_error(&why);
		queued_outcome_postpone(&sending.entry, &why);
		if (spool_save(sending.spool, &sending.entry, &err) == -1)
			report_error(&err);
	} else {
		delivery_run_in(&sending.delivery, &sender->held,
		    &sender->observer);
		settle(&sending);
		report_outcome(&sender->report, &sending.delivery);
		goes_on = sending.delivery.signal_number == 0 &&
		    held_session_is_open(&sender->held);
	}
	sending_done(&sending);
	return goes_on;
}

/* What a process that was killed was sending has an unknown outcome now. */
static int
sending_load(struct sending *sending, const char *id, struct error *err)
{
	sending->fd = spool_lock(sending->spool, id, err);
	if (sending->fd == -1 ||
	    spool_load(sending->spool, id, &sending->entry, err) == -1)
		return -1;
	if (spool_entry_change(&sending->entry, SPOOL_SENDING, SPOOL_UNKNOWN) ==
	    0)
		return 0;
	return spool_save(sending->spool, &sending->entry, err);
}

static int
sending_prepare(struct sending *sending, const struct route *route,
    struct error *err)
{
	struct spool_entry *entry = &sending->entry;
	struct envelope *envelope = &sending->envelope;
	struct message *message = sending->message;

	envelope_init(envelope);
	envelope->sender = entry->text[SPOOL_SENDER];
	envelope->notify = entry->text[SPOOL_NOTIFY];
	envelope->return_type = entry->text[SPOOL_RETURN_TYPE];
	envelope->envelope_id = entry->text[SPOOL_ENVELOPE_ID];
	envelope->needs_utf8 = entry->number[SPOOL_UTF8] != 0;
	for (size_t i = 0; i < entry->count; i++) {
		if (entry->recipient[i].status == SPOOL_WAITING &&
		    address_list_add(&envelope->recipients,
			entry->recipient[i].address, err) == -1)
			return -1;
	}
	if (sending_read(sending, err) == -1)
		return -1;
	if (delivery_init(&sending->delivery, route, envelope, message, err) ==
		-1 ||
	    thread_begin(&sending->delivery.thread, route->account,
		&message->header, true, err) == -1 ||
	    message_seal(message, err) == -1)
		return -1;
	sending->delivery.before_end = before_end;
	sending->delivery.before_end_context = sending;
	return 0;
}

static int
sending_read(struct sending *sending, struct error *err)
{
	struct message *message = sending->message;
	char piece[PIECE_SIZE];
	ssize_t got;

	if (message_clear(message, err) == -1)
		return -1;
	while ((got = file_read_some(sending->fd, piece, sizeof piece,
		    sending->entry.id, err)) > 0) {
		if (source_add(message->source, piece, (size_t)got, err) == -1)
			return -1;
	}
	if (got == -1)
		return -1;
	if (source_size(message->source) != sending->entry.number[SPOOL_SIZE])
		return error_set(err, ERROR_DATA,
		    "%s.message: the file is damaged", sending->entry.id);
	return message_parse(message, err);
}

static void
sending_done(struct sending *sending)
{
	delivery_done(&sending->delivery);
	address_list_done(&sending->envelope.recipients);
	spool_entry_done(&sending->entry);
	if (sending->fd != -1)
		close(sending->fd);
}

static int
before_end(void *context, struct error *err)
{
	struct sending *sending = context;

	if (spool_entry_change(&sending->entry, SPOOL_WAITING, SPOOL_SENDING) ==
	    0)
		return 0;
	if (spool_save(sending->spool, &sending->entry, err) == 0)
		return 0;
	spool_entry_change(&sending->entry, SPOOL_SENDING, SPOOL_WAITING);
	return -1;
}

/* Records the outcome. If that fails, the message stays marked as being sent.
 */
static void
settle(struct sending *sending)
{
	struct spool_entry *entry = &sending->entry;
	struct error err;
	int result;

	queued_outcome_set(entry, &sending->delivery);
	if (spool_entry_count(entry, SPOOL_SENT) == entry->count)
		result = spool_remove(sending->spool, entry->id, &err);
	else
		result = spool_save(sending->spool, entry, &err);
	if (result == -1)
		report_error(&err);
}

static void
on_warning(void *context, const struct error *warning)
{
	const struct report *report = context;

	if (!report->quiet)
		report_warning(report, warning);
}

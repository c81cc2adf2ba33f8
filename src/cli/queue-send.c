/* SPDX-License-Identifier: MIT */
/*
 * Sends messages of one account. Each is marked on disk as being sent before
 * its last bytes are: whenever this process ends, what is on disk tells whether
 * the server can have accepted the message.
 */
#include "cli/queue-send.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/interruption.h"
#include "cli/report.h"
#include "submit/delivery.h"

enum {
	PIECE_SIZE = 65536
};

struct sender {
	const struct queue *queue;
	const struct queue_batch *batch;
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
static void settle_recipient(struct sending *sending,
    const struct smtp_recipient *recipient);
static enum spool_status status_of(const struct error *outcome);
static int postpone(struct sending *sending, const struct error *why,
    struct error *err);
static uint64_t wait_s(const struct spool_entry *entry, bool is_slow);
static void give_up_if_old(struct spool_entry *entry);
static void on_warning(void *context, const struct error *warning);

int
queue_send(const struct queue *queue, const struct queue_batch *batch)
{
	struct sender sender = {.queue = queue, .batch = batch};
	struct error err;
	int status;

	report_init(&sender.report, queue->options);
	sender.report.json = false;
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
	return status;
}

/* The run tries once: the queue is what tries again. */
static int
find_account(struct sender *sender, struct error *err)
{
	const struct account_query query = {.name = sender->batch->account,
	    .flags = &sender->queue->options->flags};
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
		if (postpone(&sending, &why, &err) == -1)
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
	const struct delivery *delivery = &sending->delivery;
	struct error err;
	int result;

	spool_entry_change(entry, SPOOL_SENDING, SPOOL_WAITING);
	for (size_t i = 0; i < delivery->recipient_count; i++)
		settle_recipient(sending, &delivery->recipient[i]);
	if (spool_entry_count(entry, SPOOL_SENT) == entry->count)
		result = spool_remove(sending->spool, entry->id, &err);
	else
		result = postpone(sending, delivery_worst(delivery), &err);
	if (result == -1)
		report_error(&err);
}

static void
settle_recipient(struct sending *sending,
    const struct smtp_recipient *recipient)
{
	struct spool_entry *entry = &sending->entry;

	for (size_t i = 0; i < entry->count; i++) {
		struct spool_recipient *one = &entry->recipient[i];

		if (one->status == SPOOL_WAITING &&
		    strcmp(one->address, recipient->address) == 0)
			spool_recipient_set(one, status_of(&recipient->outcome),
			    recipient->outcome.message);
	}
}

/* Only what the server says of this message, not of the sign-in, is final. */
static enum spool_status
status_of(const struct error *outcome)
{
	static const char *const steps[] = {"mail", "rcpt", "data", "message"};

	if (outcome->code == ERROR_NONE)
		return SPOOL_SENT;
	if (outcome->code == ERROR_AMBIGUOUS)
		return SPOOL_UNKNOWN;
	if (outcome->step == NULL ||
	    (outcome->code != ERROR_NO_USER && outcome->code != ERROR_REFUSED &&
		outcome->code != ERROR_DATA))
		return SPOOL_WAITING;
	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
		if (strcmp(outcome->step, steps[i]) == 0)
			return SPOOL_REFUSED;
	}
	return SPOOL_WAITING;
}

/* Saves the message, to be tried later. why: the failure of this try. */
static int
postpone(struct sending *sending, const struct error *why, struct error *err)
{
	struct spool_entry *entry = &sending->entry;

	for (size_t i = 0; i < entry->count; i++) {
		struct spool_recipient *one = &entry->recipient[i];

		if (one->status == SPOOL_WAITING && one->reason == NULL)
			spool_recipient_set(one, one->status, why->message);
	}
	entry->number[SPOOL_TRIES]++;
	entry->number[SPOOL_NEXT] =
	    (uint64_t)time(NULL) + wait_s(entry, why->code == ERROR_LATER);
	give_up_if_old(entry);
	return spool_save(sending->spool, entry, err);
}

/* Doubles with each try; a quarter of it is random. */
static uint64_t
wait_s(const struct spool_entry *entry, bool is_slow)
{
	uint64_t tries = entry->number[SPOOL_TRIES];
	uint64_t wait = QUEUE_WAIT_MIN_S;
	uint32_t random = 0;

	while (--tries > 0 && wait < QUEUE_WAIT_MAX_S)
		wait *= 2;
	if (is_slow && wait < 3600)
		wait = 3600;
	if (getentropy(&random, sizeof random) == -1)
		random = (uint32_t)getpid();
	wait += wait / 4 * (random % 1024) / 1024;
	return wait < QUEUE_WAIT_MAX_S ? wait : QUEUE_WAIT_MAX_S;
}

static void
give_up_if_old(struct spool_entry *entry)
{
	uint64_t end = entry->number[SPOOL_CREATED] + QUEUE_LIFETIME_S;

	if ((uint64_t)time(NULL) >= end)
		spool_entry_change(entry, SPOOL_WAITING, SPOOL_REFUSED);
}

static void
on_warning(void *context, const struct error *warning)
{
	const struct report *report = context;

	if (!report->quiet)
		report_warning(report, warning);
}

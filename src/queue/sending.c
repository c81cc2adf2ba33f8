/* SPDX-License-Identifier: MIT */
/*
 * Reads a queued message, and keeps its state on disk true while it is sent.
 */
#include "queue/sending.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/interruption.h"
#include "submit/queued-outcome.h"

enum {
	PIECE_SIZE = 65536,
	LOCK_MS = 2000,
	LOCK_PAUSE_MS = 5
};

static const int delayed_signals[] = {SIGTERM, SIGHUP};

static int sending_lock(const struct spool *spool, const char *id,
    struct error *err);
static size_t failed_recipients(const struct spool_entry *entry);
static void sending_set_reports(struct sending *sending);
static int sending_read(struct sending *sending, struct error *err);
static int before_end(void *context, struct error *err);
static void sending_delay_signals(struct sending *sending);
static void sending_restore_signals(struct sending *sending);

int
sending_load(struct sending *sending, const char *id, struct error *err)
{
	sending->fd = sending_lock(sending->spool, id, err);
	if (sending->fd == -1 ||
	    spool_load(sending->spool, id, &sending->entry, err) == -1)
		return -1;
	sending->failed = failed_recipients(&sending->entry);
	if (spool_entry_change(&sending->entry, SPOOL_SENDING, SPOOL_UNKNOWN) ==
	    0)
		return 0;
	return spool_save(sending->spool, &sending->entry, err);
}

int
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
	sending_set_reports(sending);
	sending->delivery.before_end = before_end;
	sending->delivery.before_end_context = sending;
	return 0;
}

int
sending_settle(struct sending *sending, const struct error **ret_failure,
    struct error *err)
{
	struct spool_entry *entry = &sending->entry;

	*ret_failure = queued_outcome_set(entry, &sending->delivery);
	if (spool_entry_count(entry, SPOOL_SENT) == entry->count)
		return spool_remove(sending->spool, entry->id, err);
	queued_outcome_expire(entry, sending->delivery.route->account);
	return spool_save(sending->spool, entry, err);
}

bool
sending_has_failed(const struct sending *sending)
{
	return failed_recipients(&sending->entry) > sending->failed;
}

void
sending_done(struct sending *sending)
{
	sending_restore_signals(sending);
	delivery_done(&sending->delivery);
	address_list_done(&sending->envelope.recipients);
	spool_entry_done(&sending->entry);
	spool_unlock(sending->fd);
}

/* What has just queued or changed a message has its lock for a moment. */
static int
sending_lock(const struct spool *spool, const char *id, struct error *err)
{
	int64_t end_ms = clock_now_ms() + LOCK_MS;
	int fd;

	while ((fd = spool_lock(spool, id, err)) == -1 &&
	    err->code == ERROR_TEMPORARY && clock_left_ms(end_ms) > 0 &&
	    interruption_caught() == 0)
		interruption_sleep_until(clock_now_ms() + LOCK_PAUSE_MS);
	return fd;
}

static size_t
failed_recipients(const struct spool_entry *entry)
{
	return spool_entry_count(entry, SPOOL_REFUSED) +
	    spool_entry_count(entry, SPOOL_EXPIRED);
}

/* The recipients of the delivery are those that wait, in the same order; an
 * address that is there twice has one. */
static void
sending_set_reports(struct sending *sending)
{
	const struct spool_entry *entry = &sending->entry;
	struct delivery *delivery = &sending->delivery;
	size_t next = 0;

	for (size_t i = 0; i < entry->count; i++) {
		const struct spool_recipient *one = &entry->recipient[i];

		if (one->status != SPOOL_WAITING ||
		    next == delivery->recipient_count ||
		    !address_equals(delivery->recipient[next].address,
			one->address))
			continue;
		delivery->recipient[next].notify = one->notify;
		delivery->recipient[next++].original = one->original;
	}
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

static int
before_end(void *context, struct error *err)
{
	struct sending *sending = context;

	if (spool_entry_change(&sending->entry, SPOOL_WAITING, SPOOL_SENDING) ==
	    0)
		return 0;
	if (spool_save(sending->spool, &sending->entry, err) == 0) {
		sending_delay_signals(sending);
		return 0;
	}
	spool_entry_change(&sending->entry, SPOOL_SENDING, SPOOL_WAITING);
	return -1;
}

/* Otherwise no one would know whether the message has arrived. */
static void
sending_delay_signals(struct sending *sending)
{
	struct sigaction ignore = {.sa_handler = SIG_IGN};

	sigemptyset(&ignore.sa_mask);
	for (size_t i = 0; i < 2 && !sending->is_at_end; i++)
		sigaction(delayed_signals[i], &ignore, &sending->actions[i]);
	sending->is_at_end = true;
}

static void
sending_restore_signals(struct sending *sending)
{
	for (size_t i = 0; i < 2 && sending->is_at_end; i++)
		sigaction(delayed_signals[i], &sending->actions[i], NULL);
	sending->is_at_end = false;
}

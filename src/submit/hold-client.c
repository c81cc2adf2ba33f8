/* SPDX-License-Identifier: MIT */
/*
 * Hands a message to the process that holds a session, and takes what becomes
 * of it. Until that process says that the end of the message goes out, the
 * message is surely not accepted, and the caller can send it itself.
 */
#include "submit/hold-client.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/interruption.h"
#include "submit/hold-channel.h"
#include "submit/hold-frame.h"
#include "submit/hold-message.h"
#include "submit/hold-start.h"

enum {
	OUT_SIZE = FRAME_MAX,
	SEND_MS = 10000,
	GRACE_MS = 2000 /* the other process has the same deadlines */
};

/* A message on its way. */
struct hold_client {
	struct attempt *attempt;
	struct smtp_transaction *transaction;
	struct hold_channel channel;
	size_t answered; /* recipients that have their outcome */
	int64_t deadline_ms;
	bool end_went_out; /* or it is unknown whether it did */
	bool is_over; /* nothing more is sent: only what has come is read */
	bool is_done;
	struct hold_outcome outcome;
	struct error stop; /* why it is over */
};

static struct hold_channel *client_keep_channel(struct hold_client *client);
static bool client_request(struct hold_client *client, struct error *err);
static void client_receive(struct hold_client *client);
static void client_stop(struct hold_client *client, enum hold_event event);
static bool client_take(struct hold_client *client, struct frame *frame);
static bool client_take_open(struct hold_client *client, struct frame *frame);
static bool client_take_end(struct hold_client *client, struct frame *frame);
static bool client_take_line(struct hold_client *client, struct frame *frame);
static bool client_take_warning(struct hold_client *client,
    struct frame *frame);
static bool client_take_progress(struct hold_client *client,
    struct frame *frame);
static bool client_take_recipient(struct hold_client *client,
    struct frame *frame);
static bool client_take_outcome(struct hold_client *client,
    struct frame *frame);
static enum hold_result client_conclude(struct hold_client *client,
    int *ret_status, struct error *err);
static const char *client_find_absence(const struct hold_client *client);
static bool client_must_sign_in(const struct hold_client *client);
static void client_fail(struct hold_client *client);

bool
hold_client_may_send(const struct route *route)
{
	return route->is_plain &&
	    account_duration_ms(route->account, SETTING_HOLD) > 0;
}

enum hold_result
hold_client_send(struct attempt *attempt, struct smtp_transaction *transaction,
    struct hold_channel **ret_holder, int *ret_status, struct error *err)
{
	struct hold_client client = {.attempt = attempt,
	    .transaction = transaction,
	    .deadline_ms = attempt->params.deadline_ms + GRACE_MS};
	int fd = hold_start(attempt->route, attempt->params.deadline_ms, err);
	enum hold_result result = HOLD_ABSENT;

	if (fd == -1) {
		transcript_note(&attempt->observer->transcript,
		    "no session is held: %s", err->message);
		return HOLD_ABSENT;
	}
	if (attempt->patience_end_ms != 0)
		client.deadline_ms = clock_earlier_ms(client.deadline_ms,
		    attempt->patience_end_ms + GRACE_MS);
	hold_channel_init(&client.channel, fd);
	if (client_request(&client, err)) {
		client_receive(&client);
		if (attempt->params.on_progress != NULL)
			attempt->params
			    .on_progress(attempt->params.progress_context,
				NULL);
		result = client_conclude(&client, ret_status, err);
	}
	if (result == HOLD_ANSWERED)
		*ret_holder = client_keep_channel(&client);
	hold_channel_done(&client.channel);
	return result;
}

void
hold_client_reported(struct hold_channel *holder)
{
	struct error ignored;
	struct buf out;

	if (holder == NULL)
		return;
	buf_init(&out, FRAME_MAX);
	if (hold_frame_add_sign(&out, HOLD_REPORTED, &ignored) == 0)
		hold_channel_send(holder, &out, -1, clock_now_ms(), &ignored);
	buf_done(&out);
	hold_channel_done(holder);
	free(holder);
}

/* Without memory it is closed: as if this process had ended. */
static struct hold_channel *
client_keep_channel(struct hold_client *client)
{
	struct hold_channel *kept =
	    client->is_done ? malloc(sizeof *kept) : NULL;

	if (kept == NULL)
		return NULL;
	*kept = client->channel;
	hold_channel_init(&client->channel, -1);
	return kept;
}

static bool
client_request(struct hold_client *client, struct error *err)
{
	const struct smtp_params *params = &client->attempt->params;
	const struct hold_request request = {.deadline_ms = params->deadline_ms,
	    .patience_end_ms = client->attempt->patience_end_ms,
	    .wants_lines = client->attempt->observer->transcript.line != NULL,
	    .wants_progress = params->on_progress != NULL,
	    .transaction = *client->transaction};
	int fd = hold_message_write(&client->transaction->body, err);
	struct buf out;
	bool result;

	buf_init(&out, OUT_SIZE);
	result = fd != -1 && hold_frame_add_request(&out, &request, err) == 0 &&
	    hold_channel_send(&client->channel, &out, fd,
		clock_now_ms() + SEND_MS, err) == 0;
	buf_done(&out);
	if (fd != -1)
		close(fd);
	if (result)
		transcript_note(&client->attempt->observer->transcript,
		    "handed over to the process that holds sessions");
	return result;
}

static void
client_receive(struct hold_client *client)
{
	while (!client->is_done) {
		struct frame frame;
		enum hold_event event = hold_channel_next(&client->channel,
		    client->is_over ? clock_now_ms() : client->deadline_ms,
		    &frame);

		if (event == HOLD_EVENT_FRAME && !client_take(client, &frame))
			event = HOLD_EVENT_BROKEN;
		if (event == HOLD_EVENT_FRAME)
			continue;
		if (client->is_over || event == HOLD_EVENT_CLOSED) {
			/* It may be the frame about the end. */
			if (event == HOLD_EVENT_BROKEN)
				client->end_went_out = true;
			return;
		}
		client_stop(client, event);
	}
}

/*
 * From now on the other process can't write: so the frame that says that the
 * end goes out has come, or the end will not go out. If this can't be done, it
 * may go out. After a failure to read there may be something to read yet.
 */
static void
client_stop(struct hold_client *client, enum hold_event event)
{
	const char *host = client->attempt->params.host;

	if (event == HOLD_EVENT_INTERRUPTED)
		error_set(&client->stop, ERROR_TEMPORARY,
		    "%s: %s ended the wait for the held session", host,
		    interruption_name());
	else if (event == HOLD_EVENT_LATE)
		error_set(&client->stop, ERROR_TEMPORARY,
		    "%s: waiting for the held session took too long", host);
	client->is_over = true;
	if (shutdown(client->channel.fd, SHUT_RD) == -1 && errno != ENOTCONN)
		client->end_went_out = true;
}

/* False: the frame can't be used. */
static bool
client_take(struct hold_client *client, struct frame *frame)
{
	static const struct {
		enum hold_frame type;
		bool (*take)(struct hold_client *client, struct frame *frame);
	} takers[] = {
	    {HOLD_OPEN, client_take_open},
	    {HOLD_AGAIN, client_take_open},
	    {HOLD_END, client_take_end},
	    {HOLD_LINE, client_take_line},
	    {HOLD_WARNING, client_take_warning},
	    {HOLD_PROGRESS, client_take_progress},
	    {HOLD_RECIPIENT, client_take_recipient},
	    {HOLD_DONE, client_take_outcome},
	};

	for (size_t i = 0; i < sizeof takers / sizeof *takers; i++) {
		if (takers[i].type == frame->type)
			return takers[i].take(client, frame);
	}
	return false;
}

/* A transaction begins, or another one will. */
static bool
client_take_open(struct hold_client *client, struct frame *frame)
{
	(void)frame;
	client->end_went_out = false;
	client->deadline_ms = client->attempt->params.deadline_ms + GRACE_MS;
	return true;
}

static bool
client_take_end(struct hold_client *client, struct frame *frame)
{
	(void)frame;
	client->end_went_out = true;
	client->deadline_ms = clock_later_ms(client->deadline_ms,
	    clock_now_ms() + GRACE_MS +
		client->attempt->params.final_timeout_ms);
	return true;
}

static bool
client_take_line(struct hold_client *client, struct frame *frame)
{
	enum transcript_side side;
	const char *text;

	if (!hold_frame_line(frame, &side, &text))
		return false;
	transcript_add(&client->attempt->observer->transcript, side, text,
	    strlen(text));
	return true;
}

static bool
client_take_warning(struct hold_client *client, struct frame *frame)
{
	const struct attempt_observer *observer = client->attempt->observer;
	struct error warning;

	if (!hold_frame_warning(frame, client->attempt->route->account,
		&warning))
		return false;
	if (observer->on_warning != NULL)
		observer->on_warning(observer->context, &warning);
	return true;
}

static bool
client_take_progress(struct hold_client *client, struct frame *frame)
{
	const struct smtp_params *params = &client->attempt->params;
	struct smtp_progress progress;

	if (!hold_frame_progress(frame, &progress))
		return false;
	if (params->on_progress != NULL)
		params->on_progress(params->progress_context, &progress);
	return true;
}

static bool
client_take_recipient(struct hold_client *client, struct frame *frame)
{
	struct smtp_transaction *transaction = client->transaction;

	return client->answered < transaction->recipient_count &&
	    hold_frame_recipient(frame, client->attempt->route->account,
		&transaction->recipient[client->answered++]);
}

static bool
client_take_outcome(struct hold_client *client, struct frame *frame)
{
	client->is_done =
	    client->answered == client->transaction->recipient_count &&
	    hold_frame_outcome(frame, client->attempt->route->account,
		&client->outcome);
	return client->is_done;
}

static enum hold_result
client_conclude(struct hold_client *client, int *ret_status, struct error *err)
{
	struct smtp_transaction *transaction = client->transaction;
	const char *absence = client_find_absence(client);
	const char *why = client->outcome.failure.message;

	if (absence != NULL) {
		transcript_note(&client->attempt->observer->transcript,
		    "%s%s%s", absence, *why != '\0' ? ": " : "", why);
		return HOLD_ABSENT;
	}
	if (!client->is_done)
		client_fail(client);
	client->attempt->record = client->outcome.record;
	if (client->is_done) {
		snprintf(transaction->receipt, sizeof transaction->receipt,
		    "%s", client->outcome.receipt);
		snprintf(transaction->receipt_code,
		    sizeof transaction->receipt_code, "%s",
		    client->outcome.receipt_code);
	}
	*err = client->outcome.failure;
	*ret_status = err->code == ERROR_NONE ? 0 : -1;
	return HOLD_ANSWERED;
}

/* Why the message was surely not accepted, so that this process sends it; or
 * NULL. */
static const char *
client_find_absence(const struct hold_client *client)
{
	if (client->is_done && client_must_sign_in(client))
		return "the process that holds sessions has no credential";
	if (client->end_went_out)
		return NULL;
	if (client->is_done)
		return client->outcome.failure.code == ERROR_SYSTEM
		    ? "the process that holds sessions can't send"
		    : NULL;
	return client->stop.code == ERROR_NONE
	    ? "the process that held the session has ended; sending without it"
	    : NULL;
}

/* This process may have a terminal, or a keyring that can be unlocked. */
static bool
client_must_sign_in(const struct hold_client *client)
{
	const struct error *failure = &client->outcome.failure;

	return failure->reply_code == 0 &&
	    (failure->code == ERROR_AUTH || failure->code == ERROR_KEYRING);
}

/* There is no answer, or an incomplete one. */
static void
client_fail(struct hold_client *client)
{
	struct smtp_transaction *transaction = client->transaction;
	struct error *failure = &client->outcome.failure;
	const struct error stop = client->stop;
	const char *reason = client->is_over
	    ? "the answer of the process that held the session was lost"
	    : "the process that held the session has ended";

	client->outcome = (struct hold_outcome){.receipt = ""};
	if (client->end_went_out)
		error_set(failure, ERROR_AMBIGUOUS,
		    "%s; the message was sent, and the server may have "
		    "accepted it",
		    stop.code != ERROR_NONE ? stop.message : reason);
	else
		*failure = stop;
	failure->step = smtp_phase_names[SMTP_PHASE_MESSAGE];
	for (size_t i = 0; i < transaction->recipient_count; i++) {
		transaction->recipient[i].reply.code = 0;
		transaction->recipient[i].outcome = *failure;
	}
}

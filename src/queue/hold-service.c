/* SPDX-License-Identifier: MIT */
/*
 * Serves one client after the other. Trusts them to be of the same user, but
 * not in what they send.
 */
#include "queue/hold-service.h"

#include <assert.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/interruption.h"
#include "queue/hold-limit.h"
#include "queue/hold-log.h"
#include "submit/hold-frame.h"
#include "submit/hold-message.h"

enum {
	REQUEST_MS = 5000,
	ANSWER_MS = 1000, /* the client does nothing but read */
	REPORT_MS = 2000, /* and writes the log */
	LINE_SIZE = 1024
};

static bool service_receive(struct hold_service *service,
    struct hold_request *request, struct hold_message *message);
static void service_send(struct hold_service *service,
    struct hold_request *request);
static bool service_is_reported(const struct hold_service *service);
static void service_try(struct hold_service *service,
    struct smtp_transaction *transaction, struct error *failure);
static int service_try_once(struct hold_service *service,
    struct smtp_transaction *transaction, struct error *failure);
static bool service_wait(struct hold_service *service,
    const struct error *failure, int64_t retry_ms);
static void service_refuse(struct smtp_transaction *transaction,
    const struct error *failure);
static int service_sign(struct hold_service *service, enum hold_frame type,
    struct error *err);
static void service_answer(struct hold_service *service,
    const struct smtp_transaction *transaction, const struct error *failure);
static int service_pass(struct hold_service *service, const struct buf *out,
    int result, struct error *err);
static int before_end(void *context, struct error *err);
static void on_line(void *context, enum transcript_side side, const char *text);
static void on_warning(void *context, const struct error *warning);
static bool on_progress(void *context, const struct smtp_progress *progress);

void
hold_service_init(struct hold_service *service, const struct route *route)
{
	*service = (struct hold_service){
	    .observer = {.context = service,
		.on_warning = on_warning,
		.on_progress = on_progress,
		.transcript = {.line = on_line, .context = service}}};
	held_session_init(&service->held, route, &service->observer);
	service->held.attempt.may_confine = true;
	service->held.has_slot = true;
	service->held.attempt.log_path = route->account->text[SETTING_LOG_FILE];
}

void
hold_service_serve(struct hold_service *service, int fd)
{
	struct hold_channel channel;
	struct hold_request request = {.deadline_ms = 0};
	struct hold_message message = {.before_end = before_end,
	    .context = service};

	hold_channel_init(&channel, fd);
	service->client = &channel;
	service->end_went_out = false;
	if (service_receive(service, &request, &message)) {
		service_send(service, &request);
		if (!service_is_reported(service))
			hold_log(&service->held, &request.transaction,
			    message.fd);
	}
	free(request.transaction.recipient);
	service->client = NULL;
	service->wants_lines = service->wants_progress = false;
	hold_channel_done(&channel);
}

void
hold_service_done(struct hold_service *service)
{
	held_session_done(&service->held);
}

/* The texts of the request remain valid, because nothing more is received. */
static bool
service_receive(struct hold_service *service, struct hold_request *request,
    struct hold_message *message)
{
	struct hold_channel *client = service->client;
	struct frame frame;
	struct error ignored;

	return hold_channel_next(client, clock_now_ms() + REQUEST_MS, &frame) ==
	    HOLD_EVENT_FRAME &&
	    frame.type == HOLD_SEND && hold_frame_request(&frame, request) &&
	    hold_message_open(message, client->passed,
		&request->transaction.body, &ignored) == 0;
}

static void
service_send(struct hold_service *service, struct hold_request *request)
{
	struct held_session *held = &service->held;
	struct error failure = {.code = ERROR_NONE};

	service->wants_lines = request->wants_lines;
	service->wants_progress = request->wants_progress;
	held->attempt.sender = request->transaction.sender;
	held_session_extend(held);
	held->attempt.params.deadline_ms =
	    clock_earlier_ms(held->attempt.params.deadline_ms,
		request->deadline_ms);
	held->attempt.patience_end_ms = request->patience_end_ms;
	held_session_begin(held);
	service_try(service, &request->transaction, &failure);
	held->attempt.sender = NULL;
	service_answer(service, &request->transaction, &failure);
}

/* Whether the client knows what has become of a message that may have been
 * accepted. One that takes its time is alive. The request must not be lost. */
static bool
service_is_reported(const struct hold_service *service)
{
	struct hold_channel answers;
	struct frame frame;
	enum hold_event event;

	if (!service->end_went_out || service->client == NULL)
		return !service->end_went_out;
	hold_channel_init(&answers, service->client->fd);
	event = hold_channel_next(&answers, clock_now_ms() + REPORT_MS, &frame);
	answers.fd = -1;
	hold_channel_done(&answers);
	return event != HOLD_EVENT_CLOSED;
}

/* Waits for a server that limits messages or sign-ins, once it has accepted a
 * message: the account works. */
static void
service_try(struct hold_service *service, struct smtp_transaction *transaction,
    struct error *failure)
{
	struct held_session *held = &service->held;
	unsigned tries = 0;
	int64_t retry_ms;

	for (;;) {
		bool was_used = held->session != NULL && held->is_used;
		bool has_ended;

		tries++;
		if (service_try_once(service, transaction, failure) == 0) {
			failure->code = ERROR_NONE;
			service->has_sent = true;
			service->sent++;
			return;
		}
		has_ended = was_used && service->client != NULL &&
		    hold_limit_has_ended(held, transaction, failure);
		if (!has_ended &&
		    (!service->has_sent ||
			!hold_limit_is(held, transaction, failure)))
			return;
		retry_ms = hold_limit_retry_ms(held, was_used, tries);
		if (retry_ms == 0 || !service_wait(service, failure, retry_ms))
			return;
	}
}

static int
service_try_once(struct hold_service *service,
    struct smtp_transaction *transaction, struct error *failure)
{
	struct held_session *held = &service->held;
	struct error ignored;

	if (held_session_open(held, failure) == NULL) {
		service_refuse(transaction, failure);
		return -1;
	}
	service_sign(service, HOLD_OPEN, &ignored);
	service->end_went_out = false;
	held->is_used = false; /* another session is for service_try */
	return held_session_send(held, transaction, failure);
}

/* Returns whether the client has waited, too. */
static bool
service_wait(struct hold_service *service, const struct error *failure,
    int64_t retry_ms)
{
	struct error ignored;
	struct pollfd ready;
	char line[LINE_SIZE];

	held_session_close(&service->held);
	service->sent = 0;
	snprintf(line, sizeof line,
	    "%s; trying again in a new session in %.1f s", failure->message,
	    (double)clock_left_ms(retry_ms) / 1000);
	on_line(service, TRANSCRIPT_NOTE, line);
	if (service_sign(service, HOLD_AGAIN, &ignored) == -1)
		return false;
	assert(service->client != NULL); /* there is a message */
	ready = (struct pollfd){.fd = service->client->fd};
	while (clock_left_ms(retry_ms) > 0 && interruption_caught() == 0) {
		if (interruption_poll(&ready, 1, clock_left_ms(retry_ms)) > 0)
			return false;
	}
	return interruption_caught() == 0;
}

/* There is no session. */
static void
service_refuse(struct smtp_transaction *transaction,
    const struct error *failure)
{
	for (size_t i = 0; i < transaction->recipient_count; i++)
		transaction->recipient[i].outcome = *failure;
}

static int
service_sign(struct hold_service *service, enum hold_frame type,
    struct error *err)
{
	struct buf out;
	int result;

	buf_init(&out, FRAME_MAX);
	result = service_pass(service, &out,
	    hold_frame_add_sign(&out, type, err), err);
	buf_done(&out);
	return result;
}

static void
service_answer(struct hold_service *service,
    const struct smtp_transaction *transaction, const struct error *failure)
{
	const struct hold_outcome outcome = {.failure = *failure,
	    .receipt = transaction->receipt,
	    .receipt_code = transaction->receipt_code,
	    .record = service->held.attempt.record};
	struct error err;
	struct buf out;
	int result = 0;

	buf_init(&out, SIZE_MAX / 2);
	for (size_t i = 0; result == 0 && i < transaction->recipient_count; i++)
		result = hold_frame_add_recipient(&out,
		    &transaction->recipient[i], &err);
	if (result == 0)
		result = hold_frame_add_outcome(&out, &outcome, &err);
	if (service->before_answer != NULL)
		service->before_answer(service->context);
	service_pass(service, &out, result, &err);
	buf_done(&out);
}

/* Passes on what was written with that result. */
static int
service_pass(struct hold_service *service, const struct buf *out, int result,
    struct error *err)
{
	if (service->client == NULL)
		return error_set(err, ERROR_SYSTEM, "the client has ended");
	if (result == 0 &&
	    hold_channel_send(service->client, out, -1,
		clock_now_ms() + ANSWER_MS, err) == 0)
		return 0;
	service->client = NULL;
	return -1;
}

/* A client that has this frame knows that its message may be accepted; one that
 * has not is sure that it is not. */
static int
before_end(void *context, struct error *err)
{
	struct hold_service *service = context;

	if (service_sign(service, HOLD_END, err) == -1)
		return -1;
	service->end_went_out = true;
	return 0;
}

static void
on_line(void *context, enum transcript_side side, const char *text)
{
	struct hold_service *service = context;
	struct error ignored;
	struct buf out;

	if (!service->wants_lines)
		return;
	buf_init(&out, FRAME_MAX);
	service_pass(service, &out,
	    hold_frame_add_line(&out, side, text, &ignored), &ignored);
	buf_done(&out);
}

static void
on_warning(void *context, const struct error *warning)
{
	struct hold_service *service = context;
	struct error ignored;
	struct buf out;

	buf_init(&out, FRAME_MAX);
	service_pass(service, &out,
	    hold_frame_add_warning(&out, warning, &ignored), &ignored);
	buf_done(&out);
}

static bool
on_progress(void *context, const struct smtp_progress *progress)
{
	struct hold_service *service = context;
	struct error ignored;
	struct buf out;

	if (!service->wants_progress)
		return false;
	if (progress == NULL) /* at its end, which the client sees */
		return true;
	buf_init(&out, FRAME_MAX);
	service_pass(service, &out,
	    hold_frame_add_progress(&out, progress, &ignored), &ignored);
	buf_done(&out);
	return true;
}

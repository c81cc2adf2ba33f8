/* SPDX-License-Identifier: MIT */
/*
 * Serves one client after the other. Trusts them to be of the same user, but
 * not in what they send.
 */
#include "queue/hold-service.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "submit/hold-frame.h"
#include "submit/hold-message.h"

enum {
	REQUEST_MS = 5000,
	ANSWER_MS = 1000 /* the client does nothing but read */
};

static bool service_receive(struct hold_service *service,
    struct hold_request *request, struct hold_message *message);
static void service_send(struct hold_service *service,
    struct hold_request *request);
static void service_answer(struct hold_service *service,
    const struct smtp_transaction *transaction, const struct error *failure);
static int service_pass(struct hold_service *service, const struct buf *out,
    int result, struct error *err);
static int before_end(void *context, struct error *err);
static void on_line(void *context, enum transcript_side side,
    const char *text);
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
	if (service_receive(service, &request, &message))
		service_send(service, &request);
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

	return hold_channel_next(client, clock_now_ms() + REQUEST_MS,
		   &frame) == HOLD_EVENT_FRAME &&
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
	held_session_begin(held);
	if (held_session_send(held, &request->transaction, &failure) == 0)
		failure.code = ERROR_NONE;
	held->attempt.sender = NULL;
	service_answer(service, &request->transaction, &failure);
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
	struct buf out;
	int result;

	buf_init(&out, FRAME_MAX);
	result = service_pass(service, &out,
	    hold_frame_add_sign(&out, HOLD_END, err), err);
	buf_done(&out);
	return result;
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

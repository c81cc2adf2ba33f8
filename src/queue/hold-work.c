/* SPDX-License-Identifier: MIT */
/*
 * Holds one session, and sends what clients hand over. Ends when the session
 * has: the next process has a fresh credential.
 */
#include <limits.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/interruption.h"
#include "queue/hold-service.h"
#include "queue/hold.h"
#include "smtp/keep-alive.h"
#include "submit/hold-channel.h"
#include "submit/hold-frame.h"

enum {
	REST_MS = 10000,
	ANSWER_MS = 1000
};

struct work {
	struct hold_channel channel;
	struct hold_service service;
	unsigned limit; /* of messages in the session */
	bool is_ready;  /* said that it is, for the next client */
};

static bool work_await_client(struct hold_service *service,
    struct hold_channel *channel);
static bool work_keep_alive(struct hold_service *service);
static void work_get_ready(void *context);

void
hold_work(const struct route *route, int fd, bool has_sent)
{
	struct work work = {.limit = provider_number(route->account->provider,
				PROVIDER_MESSAGES_PER_SESSION, UINT_MAX)};

	hold_channel_init(&work.channel, fd);
	hold_service_init(&work.service, route);
	work.service.has_sent = has_sent;
	work.service.before_answer = work_get_ready;
	work.service.context = &work;
	while (work_await_client(&work.service, &work.channel)) {
		int client = work.channel.passed;

		work.channel.passed = -1;
		work.is_ready = false;
		hold_service_serve(&work.service, client);
		if (!work.is_ready) /* there was no request to answer */
			work_get_ready(&work);
		if (!work.is_ready)
			break;
		interruption_release();
	}
	hold_service_done(&work.service);
	hold_channel_done(&work.channel);
}

/* Returns whether one has come. */
static bool
work_await_client(struct hold_service *service, struct hold_channel *channel)
{
	struct frame frame;
	enum hold_event event;

	do {
		event = hold_channel_next(channel, clock_now_ms() + REST_MS,
		    &frame);
	} while (event == HOLD_EVENT_LATE && work_keep_alive(service));
	return event == HOLD_EVENT_FRAME && channel->passed != -1;
}

/* Servers, and firewalls on the way, close connections that are idle. */
static bool
work_keep_alive(struct hold_service *service)
{
	struct held_session *held = &service->held;
	struct error ignored;

	if (held->session == NULL)
		return true;
	if (!held_session_is_open(held))
		return false;
	held_session_extend(held);
	return smtp_keep_alive(smtp_session_channel(held->session), &ignored) ==
	    0;
}

/* Before the client has its answer: the next one may follow at once, and needs
 * no other process then. */
static void
work_get_ready(void *context)
{
	struct work *work = context;
	struct error ignored;
	struct buf out;

	if (interruption_caught() != 0 ||
	    !held_session_is_open(&work->service.held) ||
	    work->service.sent >= work->limit)
		return;
	buf_init(&out, FRAME_MAX);
	work->is_ready = hold_frame_add_sign(&out, HOLD_READY, &ignored) == 0 &&
	    hold_channel_send(&work->channel, &out, -1,
		clock_now_ms() + ANSWER_MS, &ignored) == 0;
	buf_done(&out);
}

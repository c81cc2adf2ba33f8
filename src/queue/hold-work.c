/* SPDX-License-Identifier: MIT */
/*
 * Holds one session, and sends what clients hand over. Ends when the session
 * has: the next process has a fresh credential.
 */
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

static bool work_await_client(struct hold_service *service,
    struct hold_channel *channel);
static bool work_keep_alive(struct hold_service *service);
static bool work_get_ready(struct hold_channel *channel);

void
hold_work(const struct route *route, int fd)
{
	struct hold_channel channel;
	struct hold_service service;

	hold_channel_init(&channel, fd);
	hold_service_init(&service, route);
	while (work_await_client(&service, &channel)) {
		int client = channel.passed;

		channel.passed = -1;
		hold_service_serve(&service, client);
		if (interruption_caught() != 0 ||
		    !held_session_is_open(&service.held) ||
		    !work_get_ready(&channel))
			break;
		interruption_release();
	}
	hold_service_done(&service);
	hold_channel_done(&channel);
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

static bool
work_get_ready(struct hold_channel *channel)
{
	struct error ignored;
	struct buf out;
	bool is_ready;

	buf_init(&out, FRAME_MAX);
	is_ready = hold_frame_add_sign(&out, HOLD_READY, &ignored) == 0 &&
	    hold_channel_send(channel, &out, -1, clock_now_ms() + ANSWER_MS,
		&ignored) == 0;
	buf_done(&out);
	return is_ready;
}

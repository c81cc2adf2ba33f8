/* SPDX-License-Identifier: MIT */
/*
 * Accepts clients and gives each to a process with a session. Starts another
 * process if clients wait and none is free. Never talks to a server, and reads
 * nothing that a client sends.
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/interruption.h"
#include "queue/hold-supervisor.h"
#include "queue/hold.h"
#include "submit/hold-frame.h"
#include "submit/hold-place.h"

enum {
	SESSIONS_USUAL = 2, /* where the provider names no number */
	SLOT_MS = 100,      /* between two looks for a session of others */
	WANTED_MS = 1000,   /* between two looks whether others want one */
	LINE_SIZE = 128
};

static size_t supervisor_limit(const struct provider *provider);
static bool supervisor_is_needed(const struct hold_supervisor *supervisor);
static void supervisor_wait(struct hold_supervisor *supervisor);
static int64_t supervisor_next_ms(const struct hold_supervisor *supervisor);
static void supervisor_accept(struct hold_supervisor *supervisor);
static void supervisor_assign(struct hold_supervisor *supervisor);
static void supervisor_pass(struct hold_supervisor *supervisor,
    struct hold_worker *worker, int client);
static bool supervisor_must_wait(struct hold_supervisor *supervisor,
    struct hold_waiting *client);
static void supervisor_want_slot(struct hold_supervisor *supervisor);
static void client_tell(struct hold_waiting *client, const char *line);
static void supervisor_done(struct hold_supervisor *supervisor);
static bool client_has_left(int fd);

void
hold_supervise(const struct route *route, int listener)
{
	const struct transcript none = {.line = NULL};
	struct hold_supervisor supervisor = {.route = route,
	    .listener = listener,
	    .hold_ms = account_duration_ms(route->account, SETTING_HOLD),
	    .idle_since_ms = clock_now_ms(),
	    .limit = supervisor_limit(route->account->provider)};

	hold_pace_init(&supervisor.pace,
	    provider_number(route->account->provider,
		PROVIDER_MESSAGES_PER_MINUTE, 0));
	session_slots_open(&supervisor.slots, route->account, &none);
	while (supervisor_is_needed(&supervisor)) {
		supervisor_wait(&supervisor);
		hold_workers_reap(&supervisor);
		hold_workers_make_way(&supervisor);
		supervisor_assign(&supervisor);
		hold_workers_end_idle(&supervisor);
	}
	supervisor_done(&supervisor);
}

static size_t
supervisor_limit(const struct provider *provider)
{
	size_t limit =
	    provider_number(provider, PROVIDER_SESSIONS, SESSIONS_USUAL);

	return limit < HOLD_SESSIONS_MAX ? limit : HOLD_SESSIONS_MAX;
}

static bool
supervisor_is_needed(const struct hold_supervisor *supervisor)
{
	if (supervisor->is_failing || interruption_caught() != 0)
		return false;
	return supervisor->worker_count > 0 || supervisor->client_count > 0 ||
	    clock_now_ms() < supervisor->idle_since_ms + supervisor->hold_ms;
}

static void
supervisor_wait(struct hold_supervisor *supervisor)
{
	struct pollfd ready[HOLD_SESSIONS_MAX + 1];
	size_t count = supervisor->worker_count;
	int found;

	for (size_t i = 0; i < count; i++)
		ready[i] =
		    (struct pollfd){.fd = supervisor->worker[i].channel.fd,
			.events = POLLIN};
	ready[count] = (struct pollfd){.events = POLLIN,
	    .fd = supervisor->client_count < HOLD_CLIENTS_MAX
		? supervisor->listener
		: -1};
	found = interruption_poll(ready, (unsigned)count + 1,
	    clock_left_ms(supervisor_next_ms(supervisor)));
	if (found == -1 && errno != EINTR)
		supervisor->is_failing = true;
	if (found <= 0)
		return;
	if (ready[count].revents != 0)
		supervisor_accept(supervisor);
	/* All of them: one that was ready before the client came is known. */
	for (size_t i = 0; i < count; i++)
		hold_worker_listen(supervisor, &supervisor->worker[i]);
}

/* When a process is free for too long, or there has been none. */
static int64_t
supervisor_next_ms(const struct hold_supervisor *supervisor)
{
	int64_t pace_ms = hold_pace_next_ms(&supervisor->pace, clock_now_ms());
	int64_t next_ms = supervisor->worker_count == 0
	    ? supervisor->idle_since_ms + supervisor->hold_ms
	    : clock_now_ms() + supervisor->hold_ms;

	if (supervisor->client_count > 0 && pace_ms > 0)
		next_ms = clock_earlier_ms(next_ms, pace_ms);
	if (supervisor->wants_slot)
		next_ms = clock_earlier_ms(next_ms, clock_now_ms() + SLOT_MS);
	if (supervisor->worker_count > 0 && supervisor->slots.fd != -1)
		next_ms = clock_earlier_ms(next_ms, clock_now_ms() + WANTED_MS);
	for (size_t i = 0; i < supervisor->worker_count; i++) {
		const struct hold_worker *worker = &supervisor->worker[i];

		if (!worker->is_busy && !worker->is_ending)
			next_ms = clock_earlier_ms(next_ms,
			    worker->since_ms + supervisor->hold_ms);
	}
	return next_ms;
}

/* Without descriptors or memory, clients would wait in vain. */
static void
supervisor_accept(struct hold_supervisor *supervisor)
{
	while (supervisor->client_count < HOLD_CLIENTS_MAX) {
		int fd = accept4(supervisor->listener, NULL, NULL,
		    SOCK_CLOEXEC | SOCK_NONBLOCK);

		if (fd == -1) {
			supervisor->is_failing = error_is_shortage(errno);
			return;
		}
		if (hold_place_is_own(fd))
			supervisor->client[supervisor->client_count++] =
			    (struct hold_waiting){.fd = fd};
		else
			close(fd);
	}
}

static void
supervisor_assign(struct hold_supervisor *supervisor)
{
	size_t served = 0;

	supervisor->lacks_slot = false;
	while (served < supervisor->client_count) {
		struct hold_waiting *client = &supervisor->client[served];
		struct hold_worker *worker = NULL;

		if (!client_has_left(client->fd)) {
			if (supervisor_must_wait(supervisor, client))
				break;
			worker = hold_worker_find(supervisor);
			if (worker == NULL &&
			    (supervisor->worker_count > 0 ||
				supervisor->lacks_slot))
				break;
			supervisor_pass(supervisor, worker, client->fd);
		}
		close(client->fd);
		served++;
	}
	supervisor->client_count -= served;
	memmove(supervisor->client, supervisor->client + served,
	    supervisor->client_count * sizeof *supervisor->client);
	supervisor_want_slot(supervisor);
}

/* If no process can be started, the client has to send itself. */
static void
supervisor_pass(struct hold_supervisor *supervisor, struct hold_worker *worker,
    int client)
{
	if (worker == NULL)
		return;
	hold_worker_pass(worker, client);
	hold_pace_count(&supervisor->pace, clock_now_ms());
}

/* The provider accepts so many messages in a minute. */
static bool
supervisor_must_wait(struct hold_supervisor *supervisor,
    struct hold_waiting *client)
{
	char line[LINE_SIZE];

	if (hold_pace_next_ms(&supervisor->pace, clock_now_ms()) == 0)
		return false;
	snprintf(line, sizeof line,
	    "waiting: the provider accepts %zu messages a minute",
	    supervisor->pace.limit);
	client_tell(client, line);
	return true;
}

/* Other processes learn that this one waits. */
static void
supervisor_want_slot(struct hold_supervisor *supervisor)
{
	bool wants_slot =
	    supervisor->client_count > 0 && supervisor->lacks_slot;
	char line[LINE_SIZE];

	snprintf(line, sizeof line, SESSION_SLOTS_WAITING,
	    (size_t)supervisor->slots.limit);
	if (wants_slot)
		client_tell(&supervisor->client[0], line);
	if (wants_slot != supervisor->wants_slot)
		session_slots_want(&supervisor->slots, wants_slot);
	supervisor->wants_slot = wants_slot;
}

/* A line of its transcript, once. */
static void
client_tell(struct hold_waiting *client, const char *line)
{
	struct hold_channel channel;
	struct error ignored;
	struct buf out;

	if (client->is_told)
		return;
	client->is_told = true;
	hold_channel_init(&channel, client->fd);
	buf_init(&out, FRAME_MAX);
	if (hold_frame_add_line(&out, TRANSCRIPT_NOTE, line, &ignored) == 0)
		hold_channel_send(&channel, &out, -1, clock_now_ms(), &ignored);
	buf_done(&out);
	buf_done(&channel.input);
}

/* No client can connect any more, and the processes end after the message that
 * they send. */
static void
supervisor_done(struct hold_supervisor *supervisor)
{
	close(supervisor->listener);
	for (size_t i = 0; i < supervisor->client_count; i++)
		close(supervisor->client[i].fd);
	for (size_t i = 0; i < supervisor->worker_count; i++)
		hold_channel_done(&supervisor->worker[i].channel);
	hold_workers_reap(supervisor);
	session_slots_close(&supervisor->slots);
}

static bool
client_has_left(int fd)
{
	struct pollfd ready = {.fd = fd};

	return poll(&ready, 1, 0) > 0 && (ready.revents & POLLHUP) != 0;
}

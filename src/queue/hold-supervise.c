/* SPDX-License-Identifier: MIT */
/*
 * Accepts clients and gives each to a process with a session. Starts another
 * process if clients wait and none is free. Never talks to a server, and reads
 * nothing that a client sends.
 */
#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/interruption.h"
#include "queue/hold-pace.h"
#include "queue/hold.h"
#include "submit/hold-channel.h"
#include "submit/hold-frame.h"
#include "submit/hold-place.h"

enum {
	SESSIONS_MAX = 8,
	SESSIONS_USUAL = 2, /* where the provider names no number */
	CLIENTS_MAX = 256,  /* others wait to be accepted */
	PASS_MS = 1000,
	LINE_SIZE = 128
};

struct worker {
	pid_t pid;
	struct hold_channel channel;
	bool is_busy;
	bool is_ending;
	int64_t since_ms; /* it is not busy */
};

struct client {
	int fd;
	bool is_told; /* why it waits */
};

struct supervisor {
	const struct route *route;
	int listener;
	int64_t hold_ms;
	int64_t idle_since_ms; /* without processes and clients */
	size_t limit;          /* of processes */
	struct hold_pace pace;
	bool has_sent; /* a process has sent a message */
	struct worker worker[SESSIONS_MAX];
	size_t worker_count;
	struct client client[CLIENTS_MAX]; /* that wait, in order */
	size_t client_count;
};

static size_t supervisor_limit(const struct provider *provider);
static bool supervisor_is_needed(const struct supervisor *supervisor);
static void supervisor_wait(struct supervisor *supervisor);
static int64_t supervisor_next_ms(const struct supervisor *supervisor);
static void supervisor_accept(struct supervisor *supervisor);
static void worker_listen(struct supervisor *supervisor, struct worker *worker);
static void supervisor_reap(struct supervisor *supervisor);
static void supervisor_assign(struct supervisor *supervisor);
static bool supervisor_must_wait(struct supervisor *supervisor,
    struct client *client);
static void client_tell(struct client *client, unsigned limit);
static struct worker *supervisor_find_free(struct supervisor *supervisor);
static struct worker *supervisor_start_worker(struct supervisor *supervisor);
static void supervisor_become_worker(struct supervisor *supervisor, int fd)
    __attribute__((noreturn));
static bool worker_pass(struct worker *worker, int client);
static void supervisor_end_idle(struct supervisor *supervisor);
static void worker_end(struct worker *worker);
static void supervisor_done(struct supervisor *supervisor);
static bool client_has_left(int fd);

void
hold_supervise(const struct route *route, int listener)
{
	struct supervisor supervisor = {.route = route,
	    .listener = listener,
	    .hold_ms = account_duration_ms(route->account, SETTING_HOLD),
	    .idle_since_ms = clock_now_ms(),
	    .limit = supervisor_limit(route->account->provider)};

	hold_pace_init(&supervisor.pace,
	    provider_number(route->account->provider,
		PROVIDER_MESSAGES_PER_MINUTE, 0));
	while (supervisor_is_needed(&supervisor)) {
		supervisor_wait(&supervisor);
		supervisor_reap(&supervisor);
		supervisor_assign(&supervisor);
		supervisor_end_idle(&supervisor);
	}
	supervisor_done(&supervisor);
}

static size_t
supervisor_limit(const struct provider *provider)
{
	size_t limit =
	    provider_number(provider, PROVIDER_SESSIONS, SESSIONS_USUAL);

	return limit < SESSIONS_MAX ? limit : SESSIONS_MAX;
}

static bool
supervisor_is_needed(const struct supervisor *supervisor)
{
	if (interruption_caught() != 0)
		return false;
	return supervisor->worker_count > 0 || supervisor->client_count > 0 ||
	    clock_now_ms() < supervisor->idle_since_ms + supervisor->hold_ms;
}

static void
supervisor_wait(struct supervisor *supervisor)
{
	struct pollfd ready[SESSIONS_MAX + 1];
	size_t count = supervisor->worker_count;

	for (size_t i = 0; i < count; i++)
		ready[i] =
		    (struct pollfd){.fd = supervisor->worker[i].channel.fd,
			.events = POLLIN};
	ready[count] = (struct pollfd){.events = POLLIN,
	    .fd = supervisor->client_count < CLIENTS_MAX ? supervisor->listener
							 : -1};
	if (interruption_poll(ready, (unsigned)count + 1,
		clock_left_ms(supervisor_next_ms(supervisor))) <= 0)
		return;
	if (ready[count].revents != 0)
		supervisor_accept(supervisor);
	/* All of them: one that was ready before the client came is known. */
	for (size_t i = 0; i < count; i++)
		worker_listen(supervisor, &supervisor->worker[i]);
}

/* When a process is free for too long, or there has been none. */
static int64_t
supervisor_next_ms(const struct supervisor *supervisor)
{
	int64_t pace_ms = hold_pace_next_ms(&supervisor->pace, clock_now_ms());
	int64_t next_ms = supervisor->worker_count == 0
	    ? supervisor->idle_since_ms + supervisor->hold_ms
	    : clock_now_ms() + supervisor->hold_ms;

	if (supervisor->client_count > 0 && pace_ms > 0)
		next_ms = clock_earlier_ms(next_ms, pace_ms);
	for (size_t i = 0; i < supervisor->worker_count; i++) {
		const struct worker *worker = &supervisor->worker[i];

		if (!worker->is_busy && !worker->is_ending)
			next_ms = clock_earlier_ms(next_ms,
			    worker->since_ms + supervisor->hold_ms);
	}
	return next_ms;
}

static void
supervisor_accept(struct supervisor *supervisor)
{
	while (supervisor->client_count < CLIENTS_MAX) {
		int fd = accept4(supervisor->listener, NULL, NULL,
		    SOCK_CLOEXEC | SOCK_NONBLOCK);

		if (fd == -1)
			return;
		if (hold_place_is_own(fd))
			supervisor->client[supervisor->client_count++] =
			    (struct client){.fd = fd};
		else
			close(fd);
	}
}

/* It is ready for another client, or it has ended. */
static void
worker_listen(struct supervisor *supervisor, struct worker *worker)
{
	struct frame frame;
	enum hold_event event =
	    hold_channel_next(&worker->channel, clock_now_ms(), &frame);

	if (event == HOLD_EVENT_CLOSED) {
		hold_channel_done(&worker->channel);
	} else if (event == HOLD_EVENT_FRAME) {
		supervisor->has_sent = true;
		worker->is_busy = false;
		worker->since_ms = clock_now_ms();
	}
}

/* Those whose channel is closed have ended. */
static void
supervisor_reap(struct supervisor *supervisor)
{
	size_t kept = 0;

	for (size_t i = 0; i < supervisor->worker_count; i++) {
		struct worker *worker = &supervisor->worker[i];

		if (worker->channel.fd != -1) {
			supervisor->worker[kept++] = *worker;
			continue;
		}
		while (waitpid(worker->pid, NULL, 0) == -1 && errno == EINTR)
			continue;
		supervisor->idle_since_ms = clock_now_ms();
	}
	supervisor->worker_count = kept;
}

static void
supervisor_assign(struct supervisor *supervisor)
{
	size_t served = 0;

	while (served < supervisor->client_count) {
		struct client *client = &supervisor->client[served];
		struct worker *worker = NULL;

		if (!client_has_left(client->fd)) {
			if (supervisor_must_wait(supervisor, client))
				break;
			worker = supervisor_find_free(supervisor);
			if (worker == NULL)
				break;
			worker_pass(worker, client->fd);
			hold_pace_count(&supervisor->pace, clock_now_ms());
		}
		close(client->fd);
		served++;
	}
	supervisor->client_count -= served;
	memmove(supervisor->client, supervisor->client + served,
	    supervisor->client_count * sizeof *supervisor->client);
}

/* The provider accepts so many messages in a minute. */
static bool
supervisor_must_wait(struct supervisor *supervisor, struct client *client)
{
	if (hold_pace_next_ms(&supervisor->pace, clock_now_ms()) == 0)
		return false;
	if (!client->is_told)
		client_tell(client, (unsigned)supervisor->pace.limit);
	return true;
}

/* A line of its transcript. */
static void
client_tell(struct client *client, unsigned limit)
{
	struct hold_channel channel;
	struct error ignored;
	struct buf out;
	char line[LINE_SIZE];

	client->is_told = true;
	snprintf(line, sizeof line,
	    "waiting: the provider accepts %u messages a minute", limit);
	hold_channel_init(&channel, client->fd);
	buf_init(&out, FRAME_MAX);
	if (hold_frame_add_line(&out, TRANSCRIPT_NOTE, line, &ignored) == 0)
		hold_channel_send(&channel, &out, -1, clock_now_ms(), &ignored);
	buf_done(&out);
	buf_done(&channel.input);
}

/* The one that was busy last, so that the others can end. */
static struct worker *
supervisor_find_free(struct supervisor *supervisor)
{
	struct worker *found = NULL;

	for (size_t i = 0; i < supervisor->worker_count; i++) {
		struct worker *worker = &supervisor->worker[i];

		if (!worker->is_busy && !worker->is_ending &&
		    (found == NULL || worker->since_ms > found->since_ms))
			found = worker;
	}
	if (found != NULL || supervisor->worker_count == supervisor->limit)
		return found;
	return supervisor_start_worker(supervisor);
}

static struct worker *
supervisor_start_worker(struct supervisor *supervisor)
{
	struct worker *worker = &supervisor->worker[supervisor->worker_count];
	int ends[2];
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == -1)
		return NULL;
	pid = fork();
	if (pid == 0) {
		close(ends[0]);
		supervisor_become_worker(supervisor, ends[1]);
	}
	close(ends[1]);
	if (pid == -1) {
		close(ends[0]);
		return NULL;
	}
	*worker = (struct worker){.pid = pid};
	hold_channel_init(&worker->channel, ends[0]);
	supervisor->worker_count++;
	return worker;
}

/* What belongs to others is closed. */
static void
supervisor_become_worker(struct supervisor *supervisor, int fd)
{
	close(supervisor->listener);
	for (size_t i = 0; i < supervisor->client_count; i++)
		close(supervisor->client[i].fd);
	for (size_t i = 0; i < supervisor->worker_count; i++)
		hold_channel_done(&supervisor->worker[i].channel);
	interruption_release();
	hold_work(supervisor->route, fd, supervisor->has_sent);
	_exit(0);
}

/* If that fails, the client sees its connection close, and sends itself. */
static bool
worker_pass(struct worker *worker, int client)
{
	struct error ignored;
	struct buf out;
	bool is_passed;

	buf_init(&out, FRAME_MAX);
	is_passed = hold_frame_add_sign(&out, HOLD_CLIENT, &ignored) == 0 &&
	    hold_channel_send(&worker->channel, &out, client,
		clock_now_ms() + PASS_MS, &ignored) == 0;
	buf_done(&out);
	worker->is_busy = true;
	return is_passed;
}

static void
supervisor_end_idle(struct supervisor *supervisor)
{
	for (size_t i = 0; i < supervisor->worker_count; i++) {
		struct worker *worker = &supervisor->worker[i];

		if (!worker->is_busy && !worker->is_ending &&
		    clock_left_ms(worker->since_ms + supervisor->hold_ms) == 0)
			worker_end(worker);
	}
}

/* Its end of the channel shows when it has ended. */
static void
worker_end(struct worker *worker)
{
	worker->is_ending = true;
	shutdown(worker->channel.fd, SHUT_WR);
}

/* No client can connect any more, and the processes end after the message that
 * they send. */
static void
supervisor_done(struct supervisor *supervisor)
{
	close(supervisor->listener);
	for (size_t i = 0; i < supervisor->client_count; i++)
		close(supervisor->client[i].fd);
	for (size_t i = 0; i < supervisor->worker_count; i++)
		hold_channel_done(&supervisor->worker[i].channel);
	supervisor_reap(supervisor);
}

static bool
client_has_left(int fd)
{
	struct pollfd ready = {.fd = fd};

	return poll(&ready, 1, 0) > 0 && (ready.revents & POLLHUP) != 0;
}

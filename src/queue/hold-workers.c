/* SPDX-License-Identifier: MIT */
/*
 * Starts and ends the processes that hold a session. A process is free from its
 * READY until it gets a client.
 */
#include <errno.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/interruption.h"
#include "queue/hold-supervisor.h"
#include "queue/hold.h"
#include "submit/hold-frame.h"

enum {
	PASS_MS = 1000
};

static struct hold_worker *hold_worker_start(
    struct hold_supervisor *supervisor);
static void hold_worker_become(struct hold_supervisor *supervisor, int fd)
    __attribute__((noreturn));
static bool hold_worker_is_free(const struct hold_worker *worker);
static void hold_worker_end(struct hold_worker *worker);

/* The one that was busy last, so that the others can end. */
struct hold_worker *
hold_worker_find(struct hold_supervisor *supervisor)
{
	struct hold_worker *found = NULL;

	for (size_t i = 0; i < supervisor->worker_count; i++) {
		struct hold_worker *worker = &supervisor->worker[i];

		if (hold_worker_is_free(worker) &&
		    (found == NULL || worker->since_ms > found->since_ms))
			found = worker;
	}
	if (found != NULL || supervisor->worker_count == supervisor->limit)
		return found;
	return hold_worker_start(supervisor);
}

/* The slot is this process' own, so that it is kept if the worker dies. */
static struct hold_worker *
hold_worker_start(struct hold_supervisor *supervisor)
{
	struct hold_worker *worker =
	    &supervisor->worker[supervisor->worker_count];
	int64_t now_ms = clock_now_ms();
	unsigned slot;
	int ends[2];
	pid_t pid = -1;

	supervisor->lacks_slot = !session_slots_try(&supervisor->slots, &slot);
	if (supervisor->lacks_slot)
		return NULL;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0) {
		pid = fork();
		if (pid == 0) {
			close(ends[0]);
			hold_worker_become(supervisor, ends[1]);
		}
		close(ends[1]);
		if (pid == -1)
			close(ends[0]);
	}
	if (pid == -1) {
		session_slots_release(&supervisor->slots, slot);
		return NULL;
	}
	*worker = (struct hold_worker){.pid = pid,
	    .slot = slot,
	    .started_ms = now_ms};
	hold_channel_init(&worker->channel, ends[0]);
	supervisor->worker_count++;
	return worker;
}

/* What belongs to others is closed. */
static void
hold_worker_become(struct hold_supervisor *supervisor, int fd)
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

void
hold_worker_pass(struct hold_worker *worker, int client)
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
	if (!is_passed)
		hold_worker_end(worker);
}

void
hold_worker_listen(struct hold_supervisor *supervisor,
    struct hold_worker *worker)
{
	struct frame frame;
	enum hold_event event =
	    hold_channel_next(&worker->channel, clock_now_ms(), &frame);

	if (event == HOLD_EVENT_CLOSED || event == HOLD_EVENT_BROKEN) {
		hold_channel_done(&worker->channel);
	} else if (event == HOLD_EVENT_FRAME) {
		supervisor->has_sent = true;
		worker->is_busy = false;
		worker->since_ms = clock_now_ms();
	}
}

void
hold_workers_end_idle(struct hold_supervisor *supervisor)
{
	for (size_t i = 0; i < supervisor->worker_count; i++) {
		struct hold_worker *worker = &supervisor->worker[i];

		if (hold_worker_is_free(worker) &&
		    clock_left_ms(worker->since_ms + supervisor->hold_ms) == 0)
			hold_worker_end(worker);
	}
}

/* One at a time: that may be enough. A session that is used all the time has
 * its turn before. */
void
hold_workers_make_way(struct hold_supervisor *supervisor)
{
	struct hold_worker *found = NULL;

	if (!session_slots_are_wanted(&supervisor->slots))
		return;
	for (size_t i = 0; i < supervisor->worker_count; i++) {
		struct hold_worker *worker = &supervisor->worker[i];

		if (worker->is_ending)
			return;
		if (hold_worker_is_free(worker) &&
		    (found == NULL || worker->since_ms < found->since_ms))
			found = worker;
	}
	if (found == NULL ||
	    (supervisor->client_count > 0 &&
		clock_left_ms(found->started_ms + SESSION_SLOTS_TURN_MS) > 0))
		return;
	hold_worker_end(found);
}

void
hold_workers_reap(struct hold_supervisor *supervisor)
{
	size_t kept = 0;

	for (size_t i = 0; i < supervisor->worker_count; i++) {
		struct hold_worker *worker = &supervisor->worker[i];

		if (worker->channel.fd != -1) {
			supervisor->worker[kept++] = *worker;
			continue;
		}
		while (waitpid(worker->pid, NULL, 0) == -1 && errno == EINTR)
			continue;
		session_slots_release(&supervisor->slots, worker->slot);
		if (session_slots_are_wanted(&supervisor->slots))
			session_slots_make_way(&supervisor->slots);
		supervisor->idle_since_ms = clock_now_ms();
	}
	supervisor->worker_count = kept;
}

static bool
hold_worker_is_free(const struct hold_worker *worker)
{
	return !worker->is_busy && !worker->is_ending;
}

/* Its end of the channel shows when it has ended. */
static void
hold_worker_end(struct hold_worker *worker)
{
	worker->is_ending = true;
	if (shutdown(worker->channel.fd, SHUT_WR) == -1)
		hold_channel_done(&worker->channel);
}

/* SPDX-License-Identifier: MIT */
#ifndef QUEUE_HOLD_SUPERVISOR_H
#define QUEUE_HOLD_SUPERVISOR_H

/* The process that accepts clients of held sessions (queue/hold-supervise.c),
 * and the processes with a session each that it has (queue/hold-workers.c). */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "queue/hold-pace.h"
#include "submit/hold-channel.h"
#include "submit/route.h"
#include "submit/session-slots.h"

enum {
	HOLD_SESSIONS_MAX = 8,
	HOLD_CLIENTS_MAX = 256 /* others wait to be accepted */
};

struct hold_worker {
	pid_t pid;
	struct hold_channel channel;
	unsigned slot;
	bool is_busy;
	bool is_ending;
	int64_t started_ms;
	int64_t since_ms; /* it is not busy */
};

struct hold_waiting {
	int fd;
	bool is_told; /* why it waits */
};

struct hold_supervisor {
	const struct route *route;
	int listener;
	int64_t hold_ms;
	int64_t idle_since_ms; /* without processes and clients */
	size_t limit;          /* of processes */
	struct hold_pace pace;
	struct session_slots slots;
	bool lacks_slot; /* for another process */
	bool wants_slot; /* and says so to others */
	bool has_sent;   /* a process has sent a message */
	bool is_failing; /* clients can't be accepted: it ends */
	struct hold_worker worker[HOLD_SESSIONS_MAX];
	size_t worker_count;
	struct hold_waiting client[HOLD_CLIENTS_MAX]; /* in order */
	size_t client_count;
};

/* Returns a process that is free, which may be a new one; NULL: there is none.
 */
struct hold_worker *hold_worker_find(struct hold_supervisor *supervisor);

/* Passes a client to the process. If that fails, the client sees its connection
 * close, and sends itself; and the process, which still waits, ends. */
void hold_worker_pass(struct hold_worker *worker, int client);

/* Hears what a process has to say: it is ready for another client, or it has
 * ended. */
void hold_worker_listen(struct hold_supervisor *supervisor,
    struct hold_worker *worker);

/* Ends one that is free if others wait for its session. */
void hold_workers_make_way(struct hold_supervisor *supervisor);

/* Ends those that have been free for as long as the account says. */
void hold_workers_end_idle(struct hold_supervisor *supervisor);

/* Removes those whose channel is closed, because they have ended. */
void hold_workers_reap(struct hold_supervisor *supervisor);

#endif

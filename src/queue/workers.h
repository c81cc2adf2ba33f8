/* SPDX-License-Identifier: MIT */
#ifndef QUEUE_WORKERS_H
#define QUEUE_WORKERS_H

/*
 * The processes that send, one for each account that is being tried: a process
 * that has talked to a server is confined, and accounts don't wait for each
 * other. Each reports what became of its messages through a pipe.
 */

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/error.h"
#include "queue/queue.h"
#include "queue/send.h"

enum {
	WORKERS_MAX = 8
};

struct worker {
	pid_t pid;
	int fd;
	size_t account; /* in the schedule */
	size_t reports; /* how many messages it has reported */
};

struct workers {
	const struct queue *queue;
	struct worker worker[WORKERS_MAX];
	size_t count;
	int stop[2];           /* a pipe; its end means that they end, too */
	int64_t end_ms;        /* when to end them by a signal; 0: never */
	enum error_code worst; /* of all messages so far */
	size_t sent;
	size_t failed;
	size_t unknown;
	int signal_number; /* one that ended a process, or 0 */

	/* Called for each report, which was checked; or NULL. */
	void (*on_report)(void *context, size_t account,
	    const struct queue_report *report);
	void *context;
};

/* What has ended: the worker of an account, which has tried all if is_done. */
struct worker_end {
	size_t account;
	bool is_done; /* otherwise something is wrong here, not at the server */
};

/* ERROR_SYSTEM. Call workers_done also after a failure. */
int workers_init(struct workers *workers, const struct queue *queue,
    struct error *err);
void workers_done(struct workers *workers);

/* Starts a process for the messages, of an account that has none. There must be
 * room. ERROR_SYSTEM. */
int workers_start(struct workers *workers, size_t account,
    const struct queue_batch *batch, struct error *err);

/* Has all end after the message that they are sending. */
void workers_stop(struct workers *workers);

/* Passes a signal on. */
void workers_signal(const struct workers *workers, int number);

/* Sets what to poll, workers->count in all, and returns for how many
 * milliseconds at most. */
int workers_prepare(const struct workers *workers,
    struct pollfd ready[WORKERS_MAX]);

/* Reads reports. Returns whether a process has ended, and which; call it again
 * then, without polling. */
bool workers_read(struct workers *workers, struct worker_end *ret_end);

#endif

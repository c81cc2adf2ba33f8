/* SPDX-License-Identifier: MIT */
/*
 * Sends what is due: a process for each account, one after the other, because a
 * process that has talked to a server is confined. This one talks to none.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/fork-call.h"
#include "base/interruption.h"
#include "queue/queue.h"
#include "queue/send.h"
#include "report/report.h"
#include "spool/process.h"
#include "submit/queued-outcome.h"

/* The messages that are due, in order. Those that are given to a process have
 * no account any more. */
struct due {
	char (*id)[SPOOL_ID_SIZE];
	char **account;
	size_t count;
};

static int queue_run_locked(struct queue *queue, struct error *err);
static int find_due(const struct queue *queue, const struct spool_ids *ids,
    struct due *due, struct error *err);
static bool is_due(const struct queue *queue, const struct spool_entry *entry);
static int send_due(const struct queue *queue, struct due *due,
    struct error *err);
static void take_account(struct due *due, size_t first,
    struct queue_batch *batch);
static int send_in_process(const struct queue *queue,
    const struct queue_batch *batch, struct error *err);
static void await_end(int fd, pid_t pid);
static void due_done(struct due *due);

int
queue_run(struct queue *queue, struct error *err)
{
	int lock;
	int status;

	if (queue->spool.directory == -1)
		return 0;
	lock = spool_lock_run(&queue->spool, queue->is_flush ? "run" : "start",
	    err);
	if (lock == -1)
		return -1;
	status = queue_run_locked(queue, err);
	spool_process_unlock(lock);
	return status;
}

static int
queue_run_locked(struct queue *queue, struct error *err)
{
	struct spool_ids ids;
	struct due due = {.count = 0};
	int status = -1;

	if (spool_list(&queue->spool, &ids, err) == 0 &&
	    find_due(queue, &ids, &due, err) == 0)
		status = send_due(queue, &due, err);
	due_done(&due);
	spool_ids_done(&ids);
	return status;
}

/* Reports what can't be read, and leaves it alone. */
static int
find_due(const struct queue *queue, const struct spool_ids *ids,
    struct due *due, struct error *err)
{
	due->id = calloc(ids->count + 1, sizeof *due->id);
	due->account = calloc(ids->count + 1, sizeof *due->account);
	if (due->id == NULL || due->account == NULL)
		return error_no_memory(err);
	for (size_t i = 0; i < ids->count; i++) {
		struct spool_entry entry;
		struct error problem;

		spool_entry_init(&entry);
		if (spool_load(&queue->spool, ids->id[i], &entry, &problem) ==
		    -1) {
			if (problem.code != ERROR_USAGE) /* it is gone */
				report_error(&problem);
		} else if (is_due(queue, &entry)) {
			memcpy(due->id[due->count], entry.id, SPOOL_ID_SIZE);
			due->account[due->count++] = entry.text[SPOOL_ACCOUNT];
			entry.text[SPOOL_ACCOUNT] = NULL;
		}
		spool_entry_done(&entry);
	}
	return 0;
}

/* A time further away than any wait means that the clock was set back. What a
 * process that was killed was sending is found out. */
static bool
is_due(const struct queue *queue, const struct spool_entry *entry)
{
	uint64_t now = (uint64_t)time(NULL);
	uint64_t next = entry->number[SPOOL_NEXT];

	if (spool_entry_count(entry, SPOOL_SENDING) > 0)
		return true;
	return spool_entry_count(entry, SPOOL_WAITING) > 0 &&
	    (queue->is_flush || next <= now || next > now + QUEUE_WAIT_MAX_S);
}

static int
send_due(const struct queue *queue, struct due *due, struct error *err)
{
	struct queue_batch batch = {.count = 0};
	int status = 0;

	batch.id = calloc(due->count + 1, sizeof *batch.id);
	if (batch.id == NULL)
		return error_no_memory(err);
	interruption_hold();
	for (size_t i = 0; status == 0 && i < due->count; i++) {
		if (due->account[i] == NULL)
			continue;
		take_account(due, i, &batch);
		status = send_in_process(queue, &batch, err);
		free(batch.account);
	}
	free(batch.id);
	return status;
}

/* Moves all messages of an account, of which first is the first. */
static void
take_account(struct due *due, size_t first, struct queue_batch *batch)
{
	batch->count = 0;
	batch->account = due->account[first];
	due->account[first] = NULL;
	batch->id[batch->count++] = due->id[first];
	for (size_t i = first + 1; i < due->count; i++) {
		if (due->account[i] == NULL ||
		    strcmp(due->account[i], batch->account) != 0)
			continue;
		batch->id[batch->count++] = due->id[i];
		free(due->account[i]);
		due->account[i] = NULL;
	}
}

/* Returns 0, or 128 plus the number of the signal that ended the run. If this
 * process is killed, the other one keeps the lock until it is done. */
static int
send_in_process(const struct queue *queue, const struct queue_batch *batch,
    struct error *err)
{
	int fd;
	int state = 0;
	pid_t pid = fork_with_pipe(&fd, err);

	if (pid == -1)
		return -1;
	if (pid == 0) {
		interruption_release();
		exit(queue_send(queue, batch));
	}
	await_end(fd, pid);
	close(fd);
	while (waitpid(pid, &state, 0) == -1 && errno == EINTR)
		continue;
	if (interruption_caught() != 0)
		return INTERRUPTION_STATUS + interruption_caught();
	return WIFSIGNALED(state) ? INTERRUPTION_STATUS + WTERMSIG(state)
				  : WEXITSTATUS(state);
}

/* Passes a signal on. */
static void
await_end(int fd, pid_t pid)
{
	struct pollfd ready = {.fd = fd, .events = POLLIN};

	while (interruption_poll(&ready, 1, 3600000) <= 0) {
		if (interruption_caught() == 0)
			continue;
		kill(pid, interruption_caught());
		return;
	}
}

static void
due_done(struct due *due)
{
	for (size_t i = 0; due->account != NULL && i < due->count; i++)
		free(due->account[i]);
	free(due->account);
	free(due->id);
}

/* SPDX-License-Identifier: MIT */
/*
 * Starts the processes that send, reads what they report, and ends them. What a
 * process reports is checked: it has talked to a server.
 */
#include "queue/workers.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/fork-call.h"
#include "base/interruption.h"

enum {
	GRACE_MS = 5000, /* for the message that is being sent */
	WAIT_MAX_MS = 60000
};

static void workers_run(struct workers *workers,
    const struct queue_batch *batch, int fd);
static bool worker_read(struct workers *workers, struct worker *worker);
static void workers_note(struct workers *workers, const struct worker *worker,
    struct queue_report *report);
static int severity(enum error_code code);
static bool worker_await(struct workers *workers, const struct worker *worker);

int
workers_init(struct workers *workers, const struct queue *queue,
    struct error *err)
{
	*workers = (struct workers){.queue = queue, .stop = {-1, -1}};
	if (pipe2(workers->stop, O_CLOEXEC) == -1)
		return error_set_errno(err, ERROR_SYSTEM,
		    "cannot create a pipe");
	return 0;
}

void
workers_done(struct workers *workers)
{
	for (size_t i = 0; i < 2; i++) {
		if (workers->stop[i] != -1)
			close(workers->stop[i]);
		workers->stop[i] = -1;
	}
}

int
workers_start(struct workers *workers, size_t account,
    const struct queue_batch *batch, struct error *err)
{
	struct worker *worker = &workers->worker[workers->count];
	pid_t pid;
	int fd;

	pid = fork_with_pipe(&fd, err);
	if (pid == -1)
		return -1;
	if (pid == 0)
		workers_run(workers, batch, fd);
	fcntl(fd, F_SETFL, O_NONBLOCK);
	*worker = (struct worker){.pid = pid, .fd = fd, .account = account};
	workers->count++;
	return 0;
}

void
workers_stop(struct workers *workers)
{
	if (workers->stop[1] == -1)
		return;
	close(workers->stop[1]);
	workers->stop[1] = -1;
	workers->end_ms = clock_now_ms() + GRACE_MS;
}

void
workers_signal(const struct workers *workers, int number)
{
	for (size_t i = 0; i < workers->count; i++)
		kill(workers->worker[i].pid, number);
}

int
workers_prepare(const struct workers *workers, struct pollfd ready[WORKERS_MAX])
{
	for (size_t i = 0; i < workers->count; i++)
		ready[i] = (struct pollfd){.fd = workers->worker[i].fd,
		    .events = POLLIN};
	return workers->end_ms != 0 ? clock_left_ms(workers->end_ms)
				    : WAIT_MAX_MS;
}

bool
workers_read(struct workers *workers, struct worker_end *ret_end)
{
	if (workers->end_ms != 0 && clock_left_ms(workers->end_ms) == 0) {
		workers_signal(workers, SIGTERM);
		workers->end_ms = clock_now_ms() + WAIT_MAX_MS;
	}
	for (size_t i = 0; i < workers->count; i++) {
		struct worker *worker = &workers->worker[i];

		if (worker_read(workers, worker))
			continue;
		*ret_end = (struct worker_end){.account = worker->account,
		    .is_done = worker_await(workers, worker)};
		*worker = workers->worker[--workers->count];
		return true;
	}
	return false;
}

/* The process. It does not return. */
static void
workers_run(struct workers *workers, const struct queue_batch *batch, int fd)
{
	const struct queue_channel channel = {.reports = fd,
	    .stop = workers->stop[0]};

	close(workers->stop[1]);
	for (size_t i = 0; i < workers->count; i++)
		close(workers->worker[i].fd);
	interruption_release();
	exit(queue_send(workers->queue, batch, &channel));
}

/* Returns false at the end. */
static bool
worker_read(struct workers *workers, struct worker *worker)
{
	struct queue_report report;
	ssize_t got;

	while ((got = read(worker->fd, &report, sizeof report)) > 0 ||
	    (got == -1 && errno == EINTR)) {
		if (got != sizeof report)
			continue;
		worker->reports++;
		workers_note(workers, worker, &report);
	}
	return got == -1 && errno == EAGAIN;
}

static void
workers_note(struct workers *workers, const struct worker *worker,
    struct queue_report *report)
{
	report->id[sizeof report->id - 1] = '\0';
	if ((unsigned)report->outcome >= ERROR_CODE_COUNT ||
	    (report->id[0] != '\0' && !spool_is_id(report->id)))
		return;
	if (workers->on_report != NULL)
		workers->on_report(workers->context, worker->account, report);
	if (severity(report->outcome) > severity(workers->worst))
		workers->worst = report->outcome;
	if (report->id[0] == '\0')
		return;
	workers->sent += report->outcome == ERROR_NONE;
	workers->failed += report->is_failed;
	workers->unknown += report->outcome == ERROR_AMBIGUOUS;
}

/* As of the outcomes of one message. */
static int
severity(enum error_code code)
{
	if (code == ERROR_NONE)
		return 0;
	if (error_exit_status(code) != EX_TEMPFAIL)
		return code == ERROR_NO_USER ? 3 : 4;
	return code == ERROR_AMBIGUOUS ? 2 : 1;
}

/* If this process is killed, that one keeps the lock until it has ended. */
static bool
worker_await(struct workers *workers, const struct worker *worker)
{
	int state = 0;

	close(worker->fd);
	while (waitpid(worker->pid, &state, 0) == -1 && errno == EINTR)
		continue;
	if (WIFSIGNALED(state))
		workers->signal_number = WTERMSIG(state);
	return WIFEXITED(state) && WEXITSTATUS(state) == QUEUE_SENT;
}

/* SPDX-License-Identifier: MIT */
/*
 * Sends once what waits, while the user waits for it.
 */
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/interruption.h"
#include "queue/queue.h"
#include "queue/schedule.h"
#include "queue/workers.h"
#include "report/json.h"
#include "report/progress.h"
#include "report/report.h"
#include "spool/process.h"
#include "submit/queue-program.h"
#include "submit/queued-route.h"

enum {
	PAUSE_MS = 20
};

struct run {
	const struct queue *queue;
	struct schedule schedule;
	struct workers workers;
	char (*id)[SPOOL_ID_SIZE]; /* room for all messages */
	size_t next;               /* account */
	size_t before;             /* messages of accounts before that */
	size_t limit;              /* of processes */
	bool shows_progress;
	bool is_interrupted; /* the processes were sent SIGINT */
};

static int take_over(const struct queue *queue, bool *ret_was_running,
    struct error *err);
static int run_locked(struct run *run, struct error *err);
static int run_accounts(struct run *run, struct error *err);
static int run_next_account(struct run *run, struct error *err);
static void run_wait(struct run *run);
static int run_report(const struct run *run);
static void run_continue(struct run *run, bool was_running);
static bool run_must_continue(const struct schedule *schedule,
    bool was_running);

int
queue_run(struct queue *queue, struct error *err)
{
	struct run run = {.queue = queue, .workers = {.stop = {-1, -1}}};
	bool was_running = false;
	int status;
	int lock;

	if (queue->spool.directory == -1)
		return run_report(&run);
	lock = take_over(queue, &was_running, err);
	status = lock != -1 ? run_locked(&run, err) : -1;
	spool_process_unlock(lock);
	if (lock != -1 || was_running)
		run_continue(&run, was_running);
	workers_done(&run.workers);
	schedule_done(&run.schedule);
	free(run.id);
	return status;
}

/* Has a process in the background end after the message that it is sending, and
 * locks the queue. */
static int
take_over(const struct queue *queue, bool *ret_was_running, struct error *err)
{
	struct spool_process process;
	pid_t ended = 0;
	int lock;

	while ((lock = spool_lock_run(&queue->spool, "run", err)) == -1) {
		if (err->code != ERROR_TEMPORARY)
			return -1;
		if (!spool_process_find(&queue->spool, SPOOL_RUN_FILE,
			&process))
			continue;
		if (process.pid != 0 && !spool_process_is_background(&process))
			return -1;
		if (process.pid != 0 && process.pid != ended)
			spool_process_end(&process);
		ended = process.pid;
		*ret_was_running = true;
		clock_sleep_until(clock_now_ms() + PAUSE_MS);
	}
	return lock;
}

static int
run_locked(struct run *run, struct error *err)
{
	const struct queue *queue = run->queue;

	if (workers_init(&run->workers, queue, err) == -1 ||
	    schedule_load_all(&run->schedule, &queue->spool, err) == -1)
		return -1;
	run->id = calloc(run->schedule.count + 1, sizeof *run->id);
	if (run->id == NULL)
		return error_no_memory(err);
	run->shows_progress = !queue->report.verbose && !queue->report.quiet &&
	    progress_line_is_possible();
	run->limit =
	    run->shows_progress || queue->report.verbose ? 1 : WORKERS_MAX;
	interruption_hold();
	if (run_accounts(run, err) == -1 ||
	    schedule_load(&run->schedule, &queue->spool, err) == -1)
		return -1;
	return run_report(run);
}

static int
run_accounts(struct run *run, struct error *err)
{
	int result = 0;

	while (run->workers.count > 0 ||
	    (result == 0 && run->next < run->schedule.account_count &&
		interruption_caught() == 0)) {
		if (result == 0 && interruption_caught() == 0 &&
		    run->next < run->schedule.account_count &&
		    run->workers.count < run->limit)
			result = run_next_account(run, err);
		else
			run_wait(run);
	}
	return result;
}

static int
run_next_account(struct run *run, struct error *err)
{
	const struct schedule_account *account =
	    &run->schedule.account[run->next];
	struct queue_batch batch = {.account = account->name,
	    .id = run->id,
	    .network_changed = true,
	    .before = run->before,
	    .total = run->shows_progress ? run->schedule.count : 0};

	if (!account->is_held)
		batch.count = schedule_take(&run->schedule, run->next,
		    UINT64_MAX, run->id);
	run->before += batch.count;
	run->next++;
	if (batch.count == 0)
		return 0;
	return workers_start(&run->workers, run->next - 1, &batch, err);
}

/* The terminal sends SIGINT to all processes of the run. */
static void
run_wait(struct run *run)
{
	struct pollfd ready[WORKERS_MAX];
	struct worker_end end;
	int caught = interruption_caught();
	int timeout_ms;

	if (caught == SIGINT && !run->is_interrupted)
		workers_signal(&run->workers, SIGINT);
	run->is_interrupted = caught == SIGINT;
	if (caught != 0 && caught != SIGINT)
		workers_stop(&run->workers);
	timeout_ms = workers_prepare(&run->workers, ready);
	if (caught == 0)
		interruption_poll(ready, (unsigned)run->workers.count,
		    timeout_ms);
	else
		poll(ready, run->workers.count, timeout_ms);
	while (workers_read(&run->workers, &end))
		continue;
}

/* What was not tried because of the failure of another message has its outcome.
 */
static int
run_report(const struct run *run)
{
	const struct workers *workers = &run->workers;
	struct json json = {.out = stdout};
	int status = error_exit_status(workers->worst);

	if (workers->signal_number != 0)
		status = INTERRUPTION_STATUS + workers->signal_number;
	if (interruption_caught() != 0)
		status = INTERRUPTION_STATUS + interruption_caught();
	if (!run->queue->as_json)
		return status;
	json_open(&json, NULL, '{');
	json_text(&json, "status", status == 0 ? "done" : "incomplete");
	json_number(&json, "exit_status", status);
	json_number(&json, "sent", (long long)workers->sent);
	json_number(&json, "waiting", (long long)run->schedule.count);
	json_number(&json, "unknown", (long long)workers->unknown);
	json_number(&json, "failed", (long long)workers->failed);
	json_close(&json, '}');
	json_end(&json);
	return status;
}

/* What ran in the background was ended by this run, and who has queued a
 * message since has relied on it. SIGTERM is meant for all that sends. */
static void
run_continue(struct run *run, bool was_running)
{
	struct schedule *schedule = &run->schedule;
	struct error err;

	if (interruption_caught() == SIGTERM)
		return;
	if (schedule_load(schedule, &run->queue->spool, &err) == -1
		? !was_running
		: !run_must_continue(schedule, was_running))
		return;
	if (queue_program_start(NULL, &err) == -1)
		report_error(&err);
}

/* What ran before finds out itself whether all is held. */
static bool
run_must_continue(const struct schedule *schedule, bool was_running)
{
	if (schedule->is_incomplete || (was_running && schedule->count > 0))
		return true;
	for (size_t i = 0; i < schedule->account_count; i++) {
		if (schedule_account_next(schedule, i, 0) != UINT64_MAX &&
		    queued_route_starts_queue(schedule->account[i].name))
			return true;
	}
	return false;
}

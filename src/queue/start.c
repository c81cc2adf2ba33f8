/* SPDX-License-Identifier: MIT */
/*
 * Sends the queue in the background. Sleeps until a message is due or something
 * has changed, and ends when there is nothing to wait for.
 */
#include <stdint.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/interruption.h"
#include "queue/notice.h"
#include "queue/queue.h"
#include "queue/schedule.h"
#include "queue/wakeup.h"
#include "queue/workers.h"
#include "spool/process.h"
#include "submit/queue-timer.h"

enum {
	PAUSE_MS = 50,
	LOAD_PAUSE_MS = 20,      /* at least, between two looks at the queue */
	LOAD_SHARE = 10,         /* and so many times what one takes */
	TROUBLE_MS = 60000,      /* after a failure of this computer */
	SHORT_TROUBLE_MS = 1000, /* the first time */
	FAILURES_MAX = 5,
	TIMER_KNOWN_MS = 60000,
	LONG_WAIT_S = 3600, /* for which another program may wake it */
	START_DONE = -2     /* there is nothing to wait for */
};

struct start {
	const struct queue *queue;
	struct schedule schedule;
	struct workers workers;
	struct wakeup wakeup;
	bool must_load;
	bool is_gone;
	int64_t load_ms;   /* not before that time */
	unsigned failures; /* of this computer, in a row */
	bool has_timer;    /* something is installed that starts it */
	int64_t timer_ms;  /* until then that is known */
};

static int start_round(struct start *start, struct error *err);
static bool start_pause(struct start *start);
static int start_lock(const struct queue *queue, struct error *err);
static int start_locked(struct start *start, struct error *err);
static int start_step(struct start *start, struct error *err);
static int start_load(struct start *start, struct error *err);
static void start_due(struct start *start);
static void start_account(struct start *start, size_t account, uint64_t now);
static bool may_end(struct start *start);
static bool has_timer(struct start *start);
static uint64_t next_try(const struct start *start);
static void start_wait(struct start *start);
static void start_read(struct start *start);
static void start_drain(struct start *start);
static void on_report(void *context, size_t account,
    const struct queue_report *report);

int
queue_start(struct queue *queue, struct error *err)
{
	struct start start = {.queue = queue, .must_load = true};
	int status;

	if (queue->spool.directory == -1)
		return 0;
	interruption_hold();
	while ((status = workers_init(&start.workers, queue, err)) == -1 &&
	    start_pause(&start))
		continue;
	start.workers.on_report = on_report;
	start.workers.context = &start;
	wakeup_open(&start.wakeup, &queue->spool);
	while (status == 0)
		status = start_round(&start, err);
	wakeup_close(&start.wakeup);
	workers_done(&start.workers);
	schedule_done(&start.schedule);
	return status == START_DONE ? 0 : status;
}

/* Returns 0 if another round is due. A process that queues a message relies on
 * the holder of a lock. */
static int
start_round(struct start *start, struct error *err)
{
	int lock = start_lock(start->queue, err);
	int status;

	if (lock == -1 && err->code == ERROR_TEMPORARY)
		return START_DONE;
	if (lock == -1)
		return start_pause(start) ? 0 : -1;
	status = start_locked(start, err);
	spool_process_unlock(lock);
	if (status != 0)
		return status;
	if (start->is_gone)
		return START_DONE;
	start_load(start, err);
	return !start->must_load && may_end(start) ? START_DONE : 0;
}

/* After a failure of this computer, which may be over soon: without the lock,
 * so not for long. Returns false if there were too many, or a signal came. */
static bool
start_pause(struct start *start)
{
	if (start->failures++ == FAILURES_MAX)
		return false;
	interruption_sleep_until(clock_now_ms() + SHORT_TROUBLE_MS);
	return interruption_caught() == 0;
}

/* If the process that has the lock was killed, waits for its children. */
static int
start_lock(const struct queue *queue, struct error *err)
{
	struct spool_process process;
	int lock;

	while ((lock = spool_lock_run(&queue->spool, SPOOL_BACKGROUND, err)) ==
	    -1) {
		if (err->code != ERROR_TEMPORARY || interruption_caught() != 0)
			return -1;
		if (spool_process_find(&queue->spool, SPOOL_RUN_FILE,
			&process) &&
		    process.pid != 0)
			return -1;
		interruption_sleep_until(clock_now_ms() + PAUSE_MS);
	}
	return lock;
}

/* Returns 0 when there is nothing to wait for. */
static int
start_locked(struct start *start, struct error *err)
{
	int status = 0;

	start->must_load = true;
	start->load_ms = 0;
	while (status == 0 && interruption_caught() == 0) {
		status = start_step(start, err);
		if (status == 1)
			break;
	}
	start_drain(start);
	if (interruption_caught() != 0)
		return INTERRUPTION_STATUS + interruption_caught();
	return status == -1 ? -1 : 0;
}

/* Returns 1 at the end. */
static int
start_step(struct start *start, struct error *err)
{
	if (start->must_load && clock_left_ms(start->load_ms) == 0 &&
	    start_load(start, err) == -1) {
		if (start->failures++ == FAILURES_MAX)
			return -1;
		start->load_ms = clock_now_ms() +
		    (start->failures == 1 ? SHORT_TROUBLE_MS : TROUBLE_MS);
	}
	start_due(start);
	if (start->is_gone ||
	    (start->workers.count == 0 && !start->must_load && may_end(start)))
		return 1;
	start_wait(start);
	start_read(start);
	return 0;
}

/* After a failure it is to be done again. */
static int
start_load(struct start *start, struct error *err)
{
	struct schedule *schedule = &start->schedule;
	int64_t begun_ms = clock_now_ms();
	int64_t pause_ms;

	start->must_load = true;
	if (schedule_load(schedule, &start->queue->spool, err) == -1)
		return -1;
	start->failures = 0;
	for (size_t i = 0; i < schedule->account_count; i++)
		schedule->account[i].is_running = false;
	for (size_t i = 0; i < start->workers.count; i++)
		schedule->account[start->workers.worker[i].account].is_running =
		    true;
	start->must_load = schedule->is_incomplete;
	pause_ms = LOAD_SHARE * (clock_now_ms() - begun_ms);
	start->load_ms = clock_now_ms() +
	    (pause_ms > LOAD_PAUSE_MS ? pause_ms : LOAD_PAUSE_MS);
	return 0;
}

static void
start_due(struct start *start)
{
	const struct schedule *schedule = &start->schedule;
	uint64_t now = (uint64_t)time(NULL);

	for (size_t i = 0;
	     i < schedule->account_count && start->workers.count < WORKERS_MAX;
	     i++) {
		if (!schedule->account[i].is_running &&
		    clock_left_ms(schedule->account[i].not_before_ms) == 0 &&
		    schedule_account_next(schedule, i, now) <= now)
			start_account(start, i, now);
	}
}

static void
start_account(struct start *start, size_t account, uint64_t now)
{
	struct schedule_account *one = &start->schedule.account[account];
	struct queue_batch batch = {.account = one->name,
	    .id = calloc(start->schedule.count + 1, sizeof *batch.id),
	    .takes_more = true,
	    .network_changed = one->network_changed};
	struct error err = {.code = ERROR_NONE};

	if (batch.id != NULL) {
		batch.count =
		    schedule_take(&start->schedule, account, now, batch.id);
		one->network_changed = false;
		one->is_running =
		    workers_start(&start->workers, account, &batch, &err) == 0;
	}
	if (!one->is_running)
		one->not_before_ms = clock_now_ms() + TROUBLE_MS;
	free(batch.id);
}

static bool
may_end(struct start *start)
{
	if (!schedule_has_work(&start->schedule))
		return true;
	return next_try(start) > (uint64_t)time(NULL) + LONG_WAIT_S &&
	    has_timer(start);
}

/* Whatever wakes this process often must not start crontab as often. */
static bool
has_timer(struct start *start)
{
	if (clock_left_ms(start->timer_ms) > 0)
		return start->has_timer;
	start->has_timer = queue_timer_is_installed();
	start->timer_ms = clock_now_ms() + TIMER_KNOWN_MS;
	return start->has_timer;
}

/* Of an account that is not running. */
static uint64_t
next_try(const struct start *start)
{
	const struct schedule *schedule = &start->schedule;
	uint64_t now = (uint64_t)time(NULL);
	uint64_t first = UINT64_MAX;

	for (size_t i = 0; i < schedule->account_count; i++) {
		int64_t left_ms =
		    clock_left_ms(schedule->account[i].not_before_ms);
		uint64_t next = UINT64_MAX;

		if (!schedule->account[i].is_running)
			next = schedule_account_next(schedule, i, now);
		if (left_ms > 0 && next < now + (uint64_t)left_ms / 1000 + 1)
			next = now + (uint64_t)left_ms / 1000 + 1;
		if (next < first)
			first = next;
	}
	return first;
}

static void
start_wait(struct start *start)
{
	struct pollfd ready[WORKERS_MAX + WAKEUP_FD_COUNT];
	int timeout_ms = workers_prepare(&start->workers, ready);
	int wakeup_ms;

	wakeup_prepare(&start->wakeup, ready + start->workers.count);
	wakeup_ms = wakeup_set(&start->wakeup,
	    start->workers.count < WORKERS_MAX ? next_try(start) : UINT64_MAX);
	if (start->workers.count == 0 || wakeup_ms < timeout_ms)
		timeout_ms = wakeup_ms;
	if (start->must_load && clock_left_ms(start->load_ms) < timeout_ms)
		timeout_ms = clock_left_ms(start->load_ms);
	interruption_poll(ready,
	    (unsigned)start->workers.count + WAKEUP_FD_COUNT, timeout_ms);
}

static void
start_read(struct start *start)
{
	struct wakeup_events events;
	struct worker_end end;

	wakeup_read(&start->wakeup, &events);
	if (events.queue_is_gone)
		start->is_gone = true;
	if (events.queue_changed || events.network_changed)
		start->must_load = true;
	if (events.network_changed)
		schedule_note_network(&start->schedule);
	while (workers_read(&start->workers, &end)) {
		start->must_load = true;
		if (!end.is_done)
			start->schedule.account[end.account].not_before_ms =
			    clock_now_ms() + TROUBLE_MS;
	}
}

/* Waits for the processes that send, after the end was decided. */
static void
start_drain(struct start *start)
{
	struct pollfd ready[WORKERS_MAX];
	struct worker_end end;

	if (start->workers.count == 0)
		return;
	workers_stop(&start->workers);
	while (start->workers.count > 0) {
		int timeout_ms = workers_prepare(&start->workers, ready);

		poll(ready, start->workers.count, timeout_ms);
		while (workers_read(&start->workers, &end))
			continue;
	}
}

static void
on_report(void *context, size_t account, const struct queue_report *report)
{
	const struct start *start = context;
	const struct spool *spool = &start->queue->spool;

	if (report->id[0] != '\0' && report->is_failed)
		notice_failed(spool, report->id);
	if (report->id[0] == '\0' && report->needs_user)
		notice_account(spool, start->schedule.account[account].name);
}

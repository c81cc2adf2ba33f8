/* SPDX-License-Identifier: MIT */
/*
 * Ends the processes of the queue, and those that hold sessions. They finish
 * what can't be interrupted.
 */
#include "base/clock.h"
#include "cli/queue.h"
#include "spool/process.h"
#include "submit/hold-place.h"

enum {
	PAUSE_MS = 20,
	LOOKS = 2 /* that find none, one after the other */
};

static bool end_process(void *context, const struct spool_process *process);

/* One may just have started, or look at the queue without its lock, and not be
 * found the first time. */
int
queue_stop(struct queue *queue, struct error *err)
{
	unsigned quiet = 0;

	for (;;) {
		bool is_running = false;
		unsigned holding = 0;

		if (hold_place_stop_all(&holding, err) == -1 ||
		    spool_process_visit(&queue->spool, end_process, &is_running,
			err) == -1)
			return -1;
		quiet = is_running || holding > 0 ? 0 : quiet + 1;
		if (quiet == LOOKS)
			return 0;
		clock_sleep_until(clock_now_ms() + PAUSE_MS);
	}
}

static bool
end_process(void *context, const struct spool_process *process)
{
	spool_process_end(process);
	*(bool *)context = true;
	return true;
}

/* SPDX-License-Identifier: MIT */
/*
 * Starts the program that sends the queue. It detaches itself.
 */
#include "submit/queue-program.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/exec-path.h"
#include "base/spawn.h"

enum {
	PATH_SIZE = 4096,
	PATIENCE_MS = 2000
};

static int queue_program_spawn(struct launcher *launcher, unsigned flags,
    struct error *err);
static int await_start(struct spawn_child *child, int *ret_status,
    struct error *err);

int
queue_program_register(struct launcher *launcher, struct error *err)
{
	return queue_program_spawn(launcher, SPAWN_NOT_NOW, err);
}

int
queue_program_start(struct launcher *launcher, struct error *err)
{
	return queue_program_spawn(launcher, 0, err);
}

void
queue_program_explain(struct error *err)
{
	error_prefix(err, "the message waits in the queue");
	error_hint(err, "run postrider queue run to send it");
}

static int
queue_program_spawn(struct launcher *launcher, unsigned flags,
    struct error *err)
{
	struct spawn_child child;
	struct buf path;
	int result = -1;
	int status = 0;

	spawn_init(&child);
	buf_init(&path, PATH_SIZE);
	if (exec_path_find(QUEUE_PROGRAM, &path, err) == 0) {
		char start[] = "start";
		char *argv[] = {path.data, start, NULL};

		result = launcher_spawn(launcher, &child, argv, NULL,
		    flags | SPAWN_MAY_FINISH | SPAWN_DETACHED, err);
	}
	if (result == 0 && child.pid != 0)
		result = await_start(&child, &status, err);
	if (result == 0 && status != 0)
		result = error_set(err, ERROR_SYSTEM,
		    "%s start ended with status %d", QUEUE_PROGRAM, status);
	spawn_done(&child);
	buf_done(&path);
	return result;
}

/* It detaches itself at once, except on a computer that has much to do: then it
 * is started all the same, and the caller does not wait for it. */
static int
await_start(struct spawn_child *child, int *ret_status, struct error *err)
{
	if (spawn_wait(child, clock_now_ms() + PATIENCE_MS, ret_status, err) ==
	    0)
		return 0;
	if (err->code != ERROR_TEMPORARY)
		return -1;
	spawn_leave(child);
	return 0;
}

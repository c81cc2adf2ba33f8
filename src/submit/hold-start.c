/* SPDX-License-Identifier: MIT */
/*
 * Connects to the process that holds a session. Of several that find none, one
 * starts it, and the others wait for that.
 */
#include "submit/hold-start.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/exec-path.h"
#include "base/spawn.h"
#include "base/text.h"
#include "submit/hold-place.h"
#include "submit/queue-program.h"

enum {
	PATH_SIZE = 4096,
	PATIENCE_MS = 10000,
	ARGUMENTS = 4
};

static int start_and_connect(const struct hold_place *place,
    const struct route *route, int64_t deadline_ms, struct error *err);
static int start_program(const struct route *route, int64_t deadline_ms,
    struct error *err);
static int run_program(char *const argv[], int64_t deadline_ms,
    struct error *err);

int
hold_start(const struct route *route, int64_t deadline_ms, struct error *err)
{
	struct hold_place place;
	int fd = -1;

	deadline_ms =
	    clock_earlier_ms(deadline_ms, clock_now_ms() + PATIENCE_MS);
	if (hold_place_open(&place, true, err) == 0 &&
	    hold_place_name(&place, route, err) == 0) {
		fd = hold_place_connect(&place, deadline_ms, err);
		if (fd == -1 && err->code == ERROR_TEMPORARY)
			fd = start_and_connect(&place, route, deadline_ms, err);
	}
	hold_place_done(&place);
	return fd;
}

static int
start_and_connect(const struct hold_place *place, const struct route *route,
    int64_t deadline_ms, struct error *err)
{
	int lock = hold_place_lock(place, ".start", deadline_ms, err);
	int fd;

	if (lock == -1)
		return -1;
	fd = hold_place_connect(place, deadline_ms, err);
	if (fd == -1 && err->code == ERROR_TEMPORARY &&
	    start_program(route, deadline_ms, err) == 0)
		fd = hold_place_connect(place, deadline_ms, err);
	close(lock);
	return fd;
}

/* It reads the configuration itself. */
static int
start_program(const struct route *route, int64_t deadline_ms, struct error *err)
{
	const char *config = route->config->path;
	char *account = text_format(err, "--account=%s", route->account->name);
	char *path = text_format(err, "--config=%s", config);
	char operation[] = "hold";
	char *argv[ARGUMENTS + 1] = {NULL, operation, account, path, NULL};
	struct buf program;
	int result = -1;

	buf_init(&program, PATH_SIZE);
	if (account != NULL && path != NULL &&
	    exec_path_find(QUEUE_PROGRAM, &program, err) == 0) {
		argv[0] = program.data;
		result = run_program(argv, deadline_ms, err);
	}
	buf_done(&program);
	free(account);
	free(path);
	return result;
}

/* The program ends when a process of its own listens. */
static int
run_program(char *const argv[], int64_t deadline_ms, struct error *err)
{
	struct spawn_child child;
	int status = 0;
	int result;

	spawn_init(&child);
	result =
	    spawn_start(&child, argv, SPAWN_DETACHED | SPAWN_MAY_FINISH, err);
	if (result == 0)
		result = spawn_wait(&child, deadline_ms, &status, err);
	spawn_done(&child);
	if (result == 0 && status != 0)
		result = error_set(err, ERROR_SYSTEM,
		    "%s hold ended with status %d", QUEUE_PROGRAM, status);
	return result;
}

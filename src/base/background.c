/* SPDX-License-Identifier: MIT */
/*
 * Runs a function in a thread and waits for it until a deadline. The thread and
 * its caller share one struct, which the last of them frees.
 */
#include "base/background.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"

enum {
	STACK_SIZE = 1 << 20 /* the default, 8 MB, may exceed a memory limit */
};

enum background_state {
	BACKGROUND_RUNNING,
	BACKGROUND_FINISHED,
	BACKGROUND_ABANDONED
};

struct background {
	struct background_job job;
	void *argument;
	atomic_int state;
	int done[2]; /* a pipe; the thread closes its end */
};

static int background_start_thread(struct background *background,
    struct error *err);
static void *background_thread(void *argument);
static bool background_wait(struct background *background, int64_t deadline_ms);

int
background_run(const struct background_job *job, void *argument,
    int64_t deadline_ms, struct error *err)
{
	struct background *background = background_start(job, argument, err);

	return background != NULL
	    ? background_finish(background, deadline_ms, err)
	    : -1;
}

struct background *
background_start(const struct background_job *job, void *argument,
    struct error *err)
{
	struct background *background = malloc(sizeof *background);

	if (background == NULL) {
		error_no_memory(err);
		goto fail;
	}
	*background = (struct background){.job = *job, .argument = argument};
	if (background_start_thread(background, err) == 0)
		return background;
fail:
	free(background);
	job->release(argument);
	return NULL;
}

int
background_finish(struct background *background, int64_t deadline_ms,
    struct error *err)
{
	int done = background->done[0];
	bool is_finished = background_wait(background, deadline_ms);

	close(done);
	if (!is_finished)
		return error_set(err, ERROR_TEMPORARY, "it took too long");
	free(background);
	return 0;
}

static int
background_start_thread(struct background *background, struct error *err)
{
	sigset_t all;
	sigset_t before;
	pthread_attr_t attributes;
	pthread_t thread;
	int failure;

	if (pipe2(background->done, O_CLOEXEC) == -1)
		return error_set_errno(err, ERROR_SYSTEM,
		    "cannot create a pipe");
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, STACK_SIZE);
	pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
	failure =
	    pthread_create(&thread, &attributes, background_thread, background);
	pthread_attr_destroy(&attributes);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (failure == 0)
		return 0;
	close(background->done[0]);
	close(background->done[1]);
	errno = failure;
	return error_set_errno(err, ERROR_SYSTEM, "cannot start a thread");
}

static void *
background_thread(void *argument)
{
	struct background *background = argument;
	int done = background->done[1];

	background->job.run(background->argument);
	if (atomic_exchange(&background->state, BACKGROUND_FINISHED) ==
	    BACKGROUND_ABANDONED) {
		background->job.release(background->argument);
		free(background);
	}
	close(done);
	return NULL;
}

/* Returns false if it has abandoned the thread. */
static bool
background_wait(struct background *background, int64_t deadline_ms)
{
	struct pollfd ready = {.fd = background->done[0], .events = POLLIN};

	while (poll(&ready, 1, clock_left_ms(deadline_ms)) <= 0) {
		if (clock_left_ms(deadline_ms) == 0)
			return atomic_exchange(&background->state,
				   BACKGROUND_ABANDONED) == BACKGROUND_FINISHED;
	}
	return true;
}

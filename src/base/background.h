/* SPDX-License-Identifier: MIT */
#ifndef BASE_BACKGROUND_H
#define BASE_BACKGROUND_H

/*
 * Calls functions of libraries that can block without a time limit. They run in
 * a thread, which is abandoned at the deadline and does not delay the exit of
 * the process.
 */

#include <stdint.h>

#include "base/error.h"

struct background_job {
	void (*run)(void *argument);
	void (*release)(void *argument); /* frees it and all that it owns */
};

/*
 * Calls job->run(argument) in a thread, which handles no signals, and waits for
 * its end. On failure the argument is no longer the caller's: it is released,
 * after run has returned. ERROR_TEMPORARY at the deadline (base/clock.h),
 * ERROR_SYSTEM if there can be no thread.
 */
int background_run(const struct background_job *job, void *argument,
    int64_t deadline_ms, struct error *err);

struct background;

/*
 * The two halves of background_run, between which the caller can start more
 * jobs. background_start returns NULL on failure; the argument is then
 * released. background_finish frees background; its errors are those of
 * background_run.
 */
struct background *background_start(const struct background_job *job,
    void *argument, struct error *err);
int background_finish(struct background *background, int64_t deadline_ms,
    struct error *err);

#endif

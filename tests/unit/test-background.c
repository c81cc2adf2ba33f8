/* SPDX-License-Identifier: MIT */
/* Calls that end in time, and calls that are abandoned. */
#include "base/background.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/clock.h"

enum {
	PATIENCE_MS = 10000,
	SHORT_MS = 50
};

struct call {
	atomic_bool may_end;
	atomic_int runs;
	atomic_int releases;
	sigset_t blocked;
};

static void
run_call(void *argument)
{
	struct call *call = argument;

	pthread_sigmask(SIG_SETMASK, NULL, &call->blocked);
	while (!atomic_load(&call->may_end))
		clock_sleep_until(clock_now_ms() + 1);
	atomic_fetch_add(&call->runs, 1);
}

static void
release_call(void *argument)
{
	struct call *call = argument;

	assert_int_equal(atomic_load(&call->runs), 1);
	atomic_fetch_add(&call->releases, 1);
}

static const struct background_job job = {run_call, release_call};

static void
returns_the_argument_when_the_call_has_ended(void **state)
{
	struct call call = {.may_end = true};
	struct error err;

	(void)state;
	assert_int_equal(background_run(&job, &call,
			     clock_now_ms() + PATIENCE_MS, &err),
	    0);
	assert_int_equal(call.runs, 1);
	assert_int_equal(call.releases, 0);
	assert_true(sigismember(&call.blocked, SIGTERM));
}

static void
leaves_a_call_at_the_deadline_and_its_argument_to_it(void **state)
{
	struct call call = {.may_end = false};
	int64_t end_ms = clock_now_ms() + PATIENCE_MS;
	struct error err;

	(void)state;
	assert_int_equal(background_run(&job, &call, clock_now_ms() + SHORT_MS,
			     &err),
	    -1);
	assert_int_equal(err.code, ERROR_TEMPORARY);
	assert_int_equal(call.runs, 0);
	assert_int_equal(call.releases, 0);
	atomic_store(&call.may_end, true);
	while (call.releases == 0 && clock_left_ms(end_ms) > 0)
		clock_sleep_until(clock_now_ms() + 1);
	assert_int_equal(call.releases, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(returns_the_argument_when_the_call_has_ended),
	    cmocka_unit_test(
		leaves_a_call_at_the_deadline_and_its_argument_to_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
#include "queue/wakeup.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include <cmocka.h>

static void
open_without_queue(struct wakeup *wakeup)
{
	const struct spool spool = {.directory = -1};

	wakeup_open(wakeup, &spool);
}

/* A negative time would make poll fail at once, again and again. */
static void
sleeps_while_nothing_is_due(void **state)
{
	struct wakeup wakeup;

	(void)state;
	open_without_queue(&wakeup);
	assert_true(wakeup_set(&wakeup, UINT64_MAX) > 0);
	assert_true(wakeup_set(&wakeup, (uint64_t)time(NULL) + 1000000000) > 0);
	wakeup_close(&wakeup);
}

static void
does_not_sleep_when_something_is_due(void **state)
{
	struct wakeup wakeup;

	(void)state;
	open_without_queue(&wakeup);
	assert_int_equal(wakeup_set(&wakeup, 0), 0);
	assert_int_equal(wakeup_set(&wakeup, (uint64_t)time(NULL)), 0);
	wakeup_close(&wakeup);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(sleeps_while_nothing_is_due),
	    cmocka_unit_test(does_not_sleep_when_something_is_due),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

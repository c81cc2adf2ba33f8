/* SPDX-License-Identifier: MIT */
/* Calls in another process: what comes back, whatever that process does. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/fork-call.h"

enum {
	ENOUGH_MS = 20000,
	SOON_MS = 100
};

static int changed;

static int
call(int (*run)(void *context, void *result, struct error *err), int *result,
    int64_t limit_ms, struct error *err)
{
	int number = 40;

	return fork_call(run, &number, result, sizeof *result,
	    clock_now_ms() + limit_ms, err);
}

static int
add_two(void *context, void *result, struct error *err)
{
	const int *number = context;
	int *sum = result;

	(void)err;
	changed = 1;
	*sum = *number + 2;
	return 0;
}

static int
refuse(void *context, void *result, struct error *err)
{
	int *code = result;

	(void)context;
	*code = 7;
	error_set(err, ERROR_AUTH, "refused");
	err->reply_code = 535;
	return error_hint(err, "try again");
}

/* As a process that was taken over may. */
static int
lie(void *context, void *result, struct error *err)
{
	static const int no_code = 12345;

	(void)context;
	(void)result;
	memset(err, 'x', sizeof *err);
	memcpy(&err->code, &no_code, sizeof err->code);
	memcpy(&err->topic, &no_code, sizeof err->topic);
	memcpy(err->message, "\033[2J", 4);
	return -1;
}

static int
die(void *context, void *result, struct error *err)
{
	(void)context;
	(void)result;
	(void)err;
	_exit(0);
}

static int
hang(void *context, void *result, struct error *err)
{
	(void)context;
	(void)result;
	(void)err;
	while (pause() == -1)
		continue;
	return 0;
}

static void
returns_the_result_and_nothing_else(void **state)
{
	struct error err;
	int result = 0;

	(void)state;
	assert_int_equal(call(add_two, &result, ENOUGH_MS, &err), 0);
	assert_int_equal(result, 42);
	assert_int_equal(changed, 0);
}

static void
returns_the_error_and_the_result(void **state)
{
	struct error err;
	int result = 0;

	(void)state;
	assert_int_equal(call(refuse, &result, ENOUGH_MS, &err), -1);
	assert_int_equal(result, 7);
	assert_int_equal(err.code, ERROR_AUTH);
	assert_int_equal(err.reply_code, 535);
	assert_string_equal(err.message, "refused");
	assert_string_equal(err.hint, "try again");
}

static void
makes_a_forged_error_safe(void **state)
{
	struct error err;
	int result = 0;

	(void)state;
	assert_int_equal(call(lie, &result, ENOUGH_MS, &err), -1);
	assert_int_equal(err.code, ERROR_BUG);
	assert_int_equal(err.topic, ERROR_TOPIC_NONE);
	assert_null(err.cause);
	assert_null(strchr(err.message, '\033'));
	assert_true(strlen(err.message) < sizeof err.message);
	assert_true(strlen(err.hint) < sizeof err.hint);
	assert_true(strlen(err.enhanced_code) < sizeof err.enhanced_code);
}

static void
notices_that_the_process_has_ended(void **state)
{
	struct error err;
	int result = 0;

	(void)state;
	assert_int_equal(call(die, &result, ENOUGH_MS, &err), -1);
	assert_int_equal(err.code, ERROR_SYSTEM);
}

static void
ends_the_process_at_the_deadline(void **state)
{
	struct error err;
	int result = 0;

	(void)state;
	assert_int_equal(call(hang, &result, SOON_MS, &err), -1);
	assert_int_equal(err.code, ERROR_TEMPORARY);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(returns_the_result_and_nothing_else),
	    cmocka_unit_test(returns_the_error_and_the_result),
	    cmocka_unit_test(makes_a_forged_error_safe),
	    cmocka_unit_test(notices_that_the_process_has_ended),
	    cmocka_unit_test(ends_the_process_at_the_deadline),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

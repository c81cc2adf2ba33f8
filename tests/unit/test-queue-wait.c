/* SPDX-License-Identifier: MIT */
/* Tests how long the queue waits after a failure. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "submit/queue-wait.h"

static struct error
failure_of(enum error_code code, const char *cause, const char *step)
{
	struct error err;

	error_set(&err, code, "it failed");
	err.cause = cause;
	err.step = step;
	return err;
}

static struct error
reply_of(int code, const char *text)
{
	struct error err;

	error_set(&err, ERROR_TEMPORARY, "%s", text);
	err.reply_code = code;
	err.step = "rcpt";
	return err;
}

/* A quarter may be added. */
static void
assert_wait(const struct error *failure, uint64_t tries, uint64_t seconds)
{
	for (int i = 0; i < 100; i++)
		assert_in_range(queue_wait_seconds(failure, tries), seconds,
		    seconds + seconds / 4);
}

static void
waits_by_cause_and_longer_each_time(void **state)
{
	static const struct {
		const char *cause;
		enum error_code code;
		uint64_t tries;
		uint64_t seconds;
	} rows[] = {
	    {"no-network", ERROR_TEMPORARY, 1, 60},
	    {"no-network", ERROR_TEMPORARY, 3, 240},
	    {"no-network", ERROR_TEMPORARY, 1000, 900},
	    {"greylisting", ERROR_TEMPORARY, 1, 180},
	    {"rate-day", ERROR_LATER, 1, 86400},
	    {"too-many-sign-ins", ERROR_LATER, 2, 7200},
	    {"wrong-secret", ERROR_AUTH, 1, 300},
	    {"server-trouble", ERROR_TEMPORARY, 1, 60},
	    {NULL, ERROR_TEMPORARY, 1, 60},
	    {NULL, ERROR_TEMPORARY, UINT64_MAX, 14400},
	    {NULL, ERROR_LATER, 1, 3600},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct error err =
		    failure_of(rows[i].code, rows[i].cause, "auth");

		assert_wait(&err, rows[i].tries, rows[i].seconds);
	}
}

static void
obeys_what_the_server_names(void **state)
{
	struct error err = reply_of(450, "greylisted, try again in 7 minutes");

	(void)state;
	assert_int_equal(queue_wait_seconds(&err, 1), 421);
	err = reply_of(451, "come back after 300 seconds");
	assert_int_equal(queue_wait_seconds(&err, 2), 301);
	err = reply_of(452, "please retry in 2 hours");
	assert_int_equal(queue_wait_seconds(&err, 1), 7201);
	err = reply_of(550, "no such user for 5 minutes");
	assert_wait(&err, 1, 60);
}

static void
does_not_obey_for_ever_a_server_that_names_a_second(void **state)
{
	struct error err = reply_of(450, "try again in 1 second");

	(void)state;
	assert_int_equal(queue_wait_seconds(&err, 1), 2);
	assert_wait(&err, 20, 14400);
}

static void
tells_the_account_from_the_message(void **state)
{
	struct error err = failure_of(ERROR_TEMPORARY, "timeout", "connect");

	(void)state;
	assert_true(queue_wait_is_for_account(&err));
	assert_false(queue_wait_needs_user(&err));
	err = failure_of(ERROR_TEMPORARY, "connection-lost", "message");
	assert_false(queue_wait_is_for_account(&err));
	err = failure_of(ERROR_LATER, "rate-day", "mail");
	assert_true(queue_wait_is_for_account(&err));
	assert_false(queue_wait_needs_user(&err));
	err = failure_of(ERROR_REFUSED, "spam", "message");
	assert_false(queue_wait_is_for_account(&err));
	err = failure_of(ERROR_AUTH, "wrong-secret", "auth");
	assert_true(queue_wait_needs_user(&err));
	err = failure_of(ERROR_KEYRING, "keyring-locked", NULL);
	assert_true(queue_wait_needs_user(&err));
	err = failure_of(ERROR_CONFIG, NULL, NULL);
	assert_true(queue_wait_needs_user(&err));
	err = failure_of(ERROR_SECURITY, "certificate-untrusted", "tls");
	assert_false(queue_wait_needs_user(&err));
	err = failure_of(ERROR_AMBIGUOUS, "timeout", "message");
	assert_false(queue_wait_is_for_account(&err));
}

static void
knows_what_a_new_network_may_mend(void **state)
{
	(void)state;
	assert_true(queue_wait_is_for_network("no-network"));
	assert_true(queue_wait_is_for_network("captive-network"));
	assert_true(queue_wait_is_for_network("certificate-untrusted"));
	assert_false(queue_wait_is_for_network("greylisting"));
	assert_false(queue_wait_is_for_network("unheard-of"));
	assert_false(queue_wait_is_for_network(NULL));
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(waits_by_cause_and_longer_each_time),
	    cmocka_unit_test(obeys_what_the_server_names),
	    cmocka_unit_test(
		does_not_obey_for_ever_a_server_that_names_a_second),
	    cmocka_unit_test(tells_the_account_from_the_message),
	    cmocka_unit_test(knows_what_a_new_network_may_mend),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

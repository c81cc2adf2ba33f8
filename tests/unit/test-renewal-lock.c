/* SPDX-License-Identifier: MIT */
/*
 * Tests the lock of a renewal: which waiting processes share a failure, and
 * which make a request.
 */
#include "entry.h"

#include "keeper/renewal-lock.h"

static void
nobody_waits(void)
{
}

/* The lock of a process that began to wait at that time. */
static struct renewal_lock
lock_since(const struct vault *vault, int64_t since_ms)
{
	struct renewal_lock lock;
	struct error err;

	if (renewal_lock_acquire(&lock, vault, &tokens, nobody_waits, &err) ==
	    -1)
		fail_msg("%s", err.message);
	lock.since_ms = since_ms;
	return lock;
}

/* A process makes a request, which fails. Returns a later time. */
static int64_t
fail_as(const struct vault *vault, enum error_code code)
{
	struct renewal_lock lock = lock_since(vault, clock_now_ms());
	struct error failure;
	int64_t moment_ms;

	error_set(&failure, code, "the server is busy");
	renewal_lock_release(&lock, &failure);
	moment_ms = clock_now_ms() + 2;
	clock_sleep_until(moment_ms);
	return moment_ms;
}

static void
shares_a_temporary_failure_with_those_who_waited(void **state)
{
	struct vault *vault =
	    open_vault((struct vault_place){.directory = "shared"});
	int64_t start_ms = clock_now_ms();
	struct error err;

	(void)state;
	fail_as(vault, ERROR_TEMPORARY);
	for (int i = 0; i < 2; i++) {
		struct renewal_lock lock = lock_since(vault, start_ms);

		assert_int_equal(renewal_lock_check(&lock, &err), -1);
		assert_int_equal(err.code, ERROR_TEMPORARY);
		assert_string_equal(err.message, "the server is busy");
		renewal_lock_release(&lock, &err);
	}
	vault_close(vault);
}

static void
lets_ask_who_came_after_the_failure(void **state)
{
	struct vault *vault =
	    open_vault((struct vault_place){.directory = "later"});
	int64_t start_ms = clock_now_ms();
	int64_t later_ms = fail_as(vault, ERROR_TEMPORARY);
	struct renewal_lock lock = lock_since(vault, start_ms);
	struct error err;

	(void)state;
	/* Sharing a failure does not extend its lifetime. */
	assert_int_equal(renewal_lock_check(&lock, &err), -1);
	renewal_lock_release(&lock, &err);
	lock = lock_since(vault, later_ms);
	assert_int_equal(renewal_lock_check(&lock, &err), 0);
	renewal_lock_release(&lock, NULL);
	/* Afterwards no failure is recorded. */
	lock = lock_since(vault, start_ms);
	assert_int_equal(renewal_lock_check(&lock, &err), 0);
	renewal_lock_release(&lock, NULL);
	vault_close(vault);
}

static void
shares_no_failure_for_good(void **state)
{
	struct vault *vault =
	    open_vault((struct vault_place){.directory = "final"});
	int64_t start_ms = clock_now_ms();
	struct renewal_lock lock;
	struct error err;

	(void)state;
	fail_as(vault, ERROR_AUTH);
	lock = lock_since(vault, start_ms);
	assert_int_equal(renewal_lock_check(&lock, &err), 0);
	renewal_lock_release(&lock, NULL);
	vault_close(vault);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(shares_a_temporary_failure_with_those_who_waited),
	    cmocka_unit_test(lets_ask_who_came_after_the_failure),
	    cmocka_unit_test(shares_no_failure_for_good),
	};

	return cmocka_run_group_tests(tests, make_home, remove_home);
}

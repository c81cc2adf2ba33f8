/* SPDX-License-Identifier: MIT */
/*
 * Who shares the failure of the one before, and who asks himself.
 */
#include "entry.h"

#include "keeper/turn.h"

static void
nobody_waits(void)
{
}

/* A turn of one who began to wait at that moment. */
static struct turn
turn_since(const struct vault *vault, int64_t since_ms)
{
	struct turn turn;
	struct error err;

	if (turn_await(&turn, vault, &tokens, nobody_waits, &err) == -1)
		fail_msg("%s", err.message);
	turn.since_ms = since_ms;
	return turn;
}

/* One who asked, and failed so. Returns a later moment. */
static int64_t
fail_as(const struct vault *vault, enum error_code code)
{
	struct turn turn = turn_since(vault, clock_now_ms());
	struct error failure;
	int64_t moment_ms;

	error_set(&failure, code, "the server is busy");
	turn_end(&turn, &failure);
	moment_ms = clock_now_ms() + 2;
	clock_sleep_until(moment_ms);
	return moment_ms;
}

static void
shares_a_temporary_failure_with_those_who_waited(void **state)
{
	struct vault *vault =
	    open_vault((struct vault_place){.folder = "shared"});
	int64_t start_ms = clock_now_ms();
	struct error err;

	(void)state;
	fail_as(vault, ERROR_TEMPORARY);
	for (int i = 0; i < 2; i++) {
		struct turn turn = turn_since(vault, start_ms);

		assert_int_equal(turn_check(&turn, &err), -1);
		assert_int_equal(err.code, ERROR_TEMPORARY);
		assert_string_equal(err.message, "the server is busy");
		turn_end(&turn, &err);
	}
	vault_close(vault);
}

static void
lets_ask_who_came_after_the_failure(void **state)
{
	struct vault *vault =
	    open_vault((struct vault_place){.folder = "later"});
	int64_t start_ms = clock_now_ms();
	int64_t later_ms = fail_as(vault, ERROR_TEMPORARY);
	struct turn turn = turn_since(vault, start_ms);
	struct error err;

	(void)state;
	/* That it is passed on makes it no younger. */
	assert_int_equal(turn_check(&turn, &err), -1);
	turn_end(&turn, &err);
	turn = turn_since(vault, later_ms);
	assert_int_equal(turn_check(&turn, &err), 0);
	turn_end(&turn, NULL);
	/* And then there is none any more. */
	turn = turn_since(vault, start_ms);
	assert_int_equal(turn_check(&turn, &err), 0);
	turn_end(&turn, NULL);
	vault_close(vault);
}

static void
shares_no_failure_for_good(void **state)
{
	struct vault *vault =
	    open_vault((struct vault_place){.folder = "final"});
	int64_t start_ms = clock_now_ms();
	struct turn turn;
	struct error err;

	(void)state;
	fail_as(vault, ERROR_AUTH);
	turn = turn_since(vault, start_ms);
	assert_int_equal(turn_check(&turn, &err), 0);
	turn_end(&turn, NULL);
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

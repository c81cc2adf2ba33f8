/* SPDX-License-Identifier: MIT */
/*
 * Programs that another process starts: which ones, with which descriptors and
 * environment, and whose children they are.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/launcher.h"

enum {
	ENOUGH_MS = 10000,
	PIPES = SPAWN_IN | SPAWN_OUT | SPAWN_ERR
};

static char script[] = "read line; echo \"$line $NAME\"; echo oops >&2; exit 3";
static char *shell[] = {"/bin/sh", "-c", script, NULL};
static char *missing[] = {"/nonexistent/program", NULL};
static char *other[] = {"/bin/sh", "-c", "exit 0", NULL};

static struct launcher *
new_launcher(void)
{
	struct error err;
	struct launcher *launcher = launcher_new(&err);

	assert_non_null(launcher);
	return launcher;
}

static void
assert_output(int fd, const char *expected)
{
	struct error err;
	struct buf text;

	buf_init(&text, 4096);
	assert_int_equal(file_read(fd, &text, "pipe", &err), 0);
	assert_string_equal(buf_text(&text), expected);
	buf_done(&text);
}

static void
register_shell(struct launcher *launcher)
{
	struct spawn_child child;
	struct error err;

	assert_int_equal(launcher_spawn(launcher, &child, shell, NULL,
			     PIPES | SPAWN_NOT_NOW, &err),
	    0);
	assert_int_equal(child.pid, 0);
	assert_int_equal(child.out, -1);
}

/* Talks to the script, whoever starts it. */
static void
assert_runs(struct launcher *launcher, const char *name)
{
	char variable[32];
	char *environment[] = {variable, NULL};
	struct spawn_child child;
	struct error err;
	char expected[64];
	int status;

	snprintf(variable, sizeof variable, "NAME=%s", name);
	snprintf(expected, sizeof expected, "hello %s\n", name);
	if (launcher_spawn(launcher, &child, shell, environment, PIPES, &err) ==
	    -1)
		fail_msg("%s", err.message);
	assert_int_equal(file_write(child.in, "hello\n", 6, &err), 0);
	spawn_close_in(&child);
	assert_output(child.out, expected);
	assert_output(child.err, "oops\n");
	assert_int_equal(spawn_wait(&child, clock_now_ms() + ENOUGH_MS, &status,
			     &err),
	    0);
	assert_int_equal(status, 3);
	spawn_done(&child);
}

static void
starts_the_same_before_and_after_it_runs(void **state)
{
	struct launcher *launcher = new_launcher();
	struct error err;

	(void)state;
	assert_runs(NULL, "one");
	assert_runs(launcher, "two");
	assert_int_equal(launcher_run(launcher, &err), 0);
	for (int i = 0; i < 20; i++)
		assert_runs(launcher, "two");
	launcher_free(launcher);
}

static void
starts_nothing_that_is_not_registered(void **state)
{
	struct launcher *launcher = new_launcher();
	struct spawn_child child;
	struct error err;

	(void)state;
	register_shell(launcher);
	assert_int_equal(launcher_run(launcher, &err), 0);
	assert_int_equal(launcher_spawn(launcher, &child, other, NULL, PIPES,
			     &err),
	    -1);
	assert_int_equal(err.code, ERROR_BUG);
	spawn_done(&child);
	launcher_free(launcher);
}

static void
says_why_a_program_cannot_be_executed(void **state)
{
	struct launcher *launcher = new_launcher();
	struct spawn_child child;
	struct error here;
	struct error there;

	(void)state;
	assert_int_equal(launcher_spawn(launcher, &child, missing, NULL, PIPES,
			     &here),
	    -1);
	assert_int_equal(launcher_run(launcher, &there), 0);
	assert_int_equal(launcher_spawn(launcher, &child, missing, NULL, PIPES,
			     &there),
	    -1);
	assert_int_equal(there.code, here.code);
	assert_int_equal(there.sys_errno, here.sys_errno);
	assert_string_equal(there.message, here.message);
	launcher_free(launcher);
}

static void
ends_with_its_owner(void **state)
{
	struct launcher *launcher = new_launcher();
	struct error err;
	int status;

	(void)state;
	while (waitpid(-1, &status, 0) > 0) /* those of the other tests */
		assert_int_equal(status, 0);
	assert_int_equal(launcher_run(launcher, &err), 0);
	assert_int_equal(waitpid(-1, &status, WNOHANG), -1); /* not needed */
	register_shell(launcher);
	assert_int_equal(launcher_run(launcher, &err), 0);
	assert_int_equal(waitpid(-1, &status, WNOHANG), 0);
	launcher_free(launcher);
	assert_true(waitpid(-1, &status, 0) > 0);
	assert_int_equal(status, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(starts_the_same_before_and_after_it_runs),
	    cmocka_unit_test(starts_nothing_that_is_not_registered),
	    cmocka_unit_test(says_why_a_program_cannot_be_executed),
	    cmocka_unit_test(ends_with_its_owner),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "submit/queue-timer.h"

#include "directory.h"

/* Makes a crontab that prints these lines first in PATH. */
static bool
is_installed_with(const char *lines, int status)
{
	char path[128];
	FILE *file;
	bool result;

	snprintf(path, sizeof path, "%s/crontab", directory);
	file = fopen(path, "w");
	assert_non_null(file);
	fprintf(file, "#!/bin/sh\n/bin/cat <<'END'\n%sEND\nexit %d\n", lines,
	    status);
	fclose(file);
	assert_int_equal(chmod(path, 0700), 0);
	result = queue_timer_is_installed();
	unlink(path);
	return result;
}

static void
finds_a_line_of_the_crontab(void **state)
{
	(void)state;
	assert_true(is_installed_with(
	    "MAILTO=me\n*/15 * * * * /x/postrider-queue start\n", 0));
	assert_true(is_installed_with("@hourly postrider queue run\n", 0));
	assert_true(is_installed_with("@hourly postrider queue run", 0));
}

static void
ignores_other_lines(void **state)
{
	(void)state;
	assert_false(is_installed_with("", 0));
	assert_false(is_installed_with("@daily date | mail root\n", 0));
	assert_false(
	    is_installed_with(" # * * * * * postrider queue run\n", 0));
	assert_false(is_installed_with("@hourly postrider queue list\n", 0));
	assert_false(is_installed_with("@hourly postrider queue run\n", 1));
}

static void
needs_no_crontab(void **state)
{
	(void)state;
	assert_false(queue_timer_is_installed());
}

static int
set_up(void **state)
{
	(void)state;
	setenv("XDG_CONFIG_HOME", "/nonexistent", 1);
	if (make_directory() == -1)
		return -1;
	return setenv("PATH", directory, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(finds_a_line_of_the_crontab),
	    cmocka_unit_test(ignores_other_lines),
	    cmocka_unit_test(needs_no_crontab),
	};

	return cmocka_run_group_tests(tests, set_up, remove_directory);
}

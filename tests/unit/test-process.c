/* SPDX-License-Identifier: MIT */
/* Tests that the programs leave no core file. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/process.h"

static void
leaves_no_core_file(void **state)
{
	struct rlimit limit;
	struct error err;
	pid_t pid = fork();
	int status;

	(void)state;
	if (pid == 0) {
		limit = (struct rlimit){RLIM_INFINITY, RLIM_INFINITY};
		setrlimit(RLIMIT_CORE, &limit);
		if (process_start(&err) == -1)
			_exit(2);
		getrlimit(RLIMIT_CORE, &limit);
		if (limit.rlim_cur != 0 || limit.rlim_max != 0)
			_exit(1);
		abort();
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGABRT);
	assert_false(WCOREDUMP(status));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(leaves_no_core_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/* Tests child processes: what they inherit, and how they are terminated. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/spawn.h"

enum {
	SOON_MS = 5000
};

static int
start_script(struct spawn_child *child, const char *script, unsigned pipes)
{
	char *argv[] = {"/bin/sh", "-c", (char *)script, NULL};
	struct error err;

	spawn_init(child);
	return spawn_start(child, argv, pipes, &err);
}

static int
status_of(struct spawn_child *child)
{
	struct error err;
	int status = -1;

	assert_int_equal(spawn_wait(child, clock_now_ms() + SOON_MS, &status,
			     &err),
	    0);
	return status;
}

static void
assert_reads(int fd, const char *wanted)
{
	struct error err;
	struct buf text;

	buf_init(&text, 4096);
	assert_int_equal(file_read(fd, &text, "pipe", &err), 0);
	assert_string_equal(buf_text(&text), wanted);
	buf_done(&text);
}

static void
joins_the_child_by_three_pipes(void **state)
{
	struct spawn_child child;
	struct error err;

	(void)state;
	assert_int_equal(start_script(&child,
			     "tr a-z A-Z; echo problem >&2; exit 7",
			     SPAWN_IN | SPAWN_OUT | SPAWN_ERR),
	    0);
	assert_int_equal(file_write(child.in, "text", 4, &err), 0);
	spawn_close_in(&child);
	assert_reads(child.out, "TEXT");
	assert_reads(child.err, "problem\n");
	assert_int_equal(status_of(&child), 7);
	spawn_done(&child);
}

static void
joins_the_child_by_a_fourth_pipe(void **state)
{
	struct spawn_child child;
	struct error err;

	(void)state;
	assert_int_equal(start_script(&child, "cat <&3",
			     SPAWN_OUT | SPAWN_MORE),
	    0);
	assert_int_equal(file_write(child.more, "text", 4, &err), 0);
	spawn_close_more(&child);
	assert_reads(child.out, "text");
	assert_int_equal(status_of(&child), 0);
	spawn_done(&child);
}

static void
joins_four_pipes_where_none_is_in_anothers_way(void **state)
{
	struct spawn_child child;
	struct error err;
	int kept = dup(STDIN_FILENO);

	(void)state;
	close(STDIN_FILENO); /* and 3 is free as well */
	assert_int_equal(start_script(&child, "cat; cat <&3; echo problem >&2",
			     SPAWN_IN | SPAWN_OUT | SPAWN_ERR | SPAWN_MORE),
	    0);
	dup2(kept, STDIN_FILENO);
	close(kept);
	assert_int_equal(file_write(child.in, "one ", 4, &err), 0);
	spawn_close_in(&child);
	assert_int_equal(file_write(child.more, "two", 3, &err), 0);
	spawn_close_more(&child);
	assert_reads(child.out, "one two");
	assert_reads(child.err, "problem\n");
	assert_int_equal(status_of(&child), 0);
	spawn_done(&child);
}

static void
hands_over_another_environment(void **state)
{
	char *argv[] = {"/bin/sh", "-c", "echo $ONE$TWO", NULL};
	char *environment[] = {"ONE=1", NULL};
	struct spawn_child child;
	struct error err;

	(void)state;
	setenv("TWO", "2", 1);
	assert_int_equal(spawn_start_in(&child, argv, environment, SPAWN_OUT,
			     &err),
	    0);
	assert_reads(child.out, "1\n");
	assert_int_equal(status_of(&child), 0);
	spawn_done(&child);
	unsetenv("TWO");
}

static void
gives_an_empty_stdin_unless_asked(void **state)
{
	struct spawn_child child;

	(void)state;
	assert_int_equal(start_script(&child, "cat; echo end", SPAWN_OUT), 0);
	assert_int_equal(child.in, -1);
	assert_reads(child.out, "end\n");
	spawn_done(&child);
}

static void
reports_a_program_that_cannot_be_executed(void **state)
{
	static const struct {
		const char *program;
		int cause;
	} rows[] = {
	    {"/nonexistent/program", ENOENT},
	    {"no-such-program-in-path", ENOENT},
	    {"/etc/passwd", EACCES},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		char *argv[] = {(char *)rows[i].program, NULL};
		struct spawn_child child;
		struct error err;

		assert_int_equal(spawn_start(&child, argv, SPAWN_OUT, &err),
		    -1);
		assert_int_equal(err.code, ERROR_SYSTEM);
		assert_int_equal(err.sys_errno, rows[i].cause);
		assert_non_null(strstr(err.message, rows[i].program));
		assert_int_equal(child.out, -1);
		assert_int_equal(child.pid, 0);
		spawn_done(&child);
	}
}

static void
tells_a_signal_from_an_exit_status(void **state)
{
	struct spawn_child child;

	(void)state;
	assert_int_equal(start_script(&child, "kill -TERM $$", 0), 0);
	assert_int_equal(status_of(&child), 128 + SIGTERM);
	spawn_done(&child);
}

static void
stops_waiting_at_the_deadline_and_kills_when_done(void **state)
{
	int64_t start_ms = clock_now_ms();
	struct spawn_child child;
	struct error err;
	int status = -1;
	pid_t pid;

	(void)state;
	assert_int_equal(start_script(&child, "trap '' TERM; exec sleep 60", 0),
	    0);
	pid = child.pid;
	assert_int_equal(spawn_wait(&child, start_ms + 50, &status, &err), -1);
	assert_int_equal(err.code, ERROR_TEMPORARY);
	assert_int_equal(status, -1);
	assert_int_equal(kill(pid, 0), 0);
	spawn_done(&child);
	assert_in_range(clock_now_ms() - start_ms, 50, SOON_MS);
	assert_int_equal(kill(pid, 0), -1);
}

/* Starts a script that says "ready" when its traps are set. */
static void
start_ready(struct spawn_child *child, const char *script, unsigned flags)
{
	char line[6];

	assert_int_equal(start_script(child, script, SPAWN_OUT | flags), 0);
	assert_int_equal(read(child->out, line, sizeof line), 6);
}

static void
asks_a_child_to_end_before_it_kills(void **state)
{
	char path[] = "/tmp/test-spawn.XXXXXX";
	int fd = mkostemp(path, O_CLOEXEC);
	struct spawn_child child;
	pid_t pid;

	(void)state;
	assert_int_not_equal(fd, -1);
	setenv("NOTE", path, 1);
	start_ready(&child,
	    "trap 'echo tidied >$NOTE; exit' TERM; echo ready\n"
	    "while :; do sleep 0.01; done",
	    0);
	pid = child.pid;
	spawn_done(&child);
	assert_int_equal(kill(pid, 0), -1);
	assert_reads(fd, "tidied\n");
	close(fd);
	unlink(path);
}

static void
never_kills_a_child_that_may_finish(void **state)
{
	struct spawn_child child;
	int status;
	pid_t pid;

	(void)state;
	start_ready(&child,
	    "trap '' TERM; trap 'exit 7' HUP; echo ready\n"
	    "while :; do sleep 0.01; done",
	    SPAWN_MAY_FINISH);
	pid = child.pid;
	spawn_done(&child);
	assert_int_equal(waitpid(pid, &status, WNOHANG), 0);
	assert_int_equal(kill(pid, SIGHUP), 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(WEXITSTATUS(status), 7);
}

static void
reaps_a_child_that_may_finish_and_does(void **state)
{
	struct spawn_child child;
	pid_t pid;

	(void)state;
	assert_int_equal(start_script(&child, "exec sleep 60",
			     SPAWN_MAY_FINISH),
	    0);
	pid = child.pid;
	spawn_done(&child);
	assert_int_equal(waitpid(pid, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
}

static void
leaves_no_descriptor_to_the_child(void **state)
{
	struct spawn_child child;
	int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);

	(void)state;
	assert_true(fd > 2);
	assert_int_equal(start_script(&child,
			     "for f in /proc/self/fd/*; do echo ${f##*/}; done"
			     " | sort -n | head -n 3 | tr '\\n' ' ';"
			     " test ! -e /proc/$$/fd/3 && echo no more",
			     SPAWN_IN | SPAWN_OUT | SPAWN_ERR),
	    0);
	assert_reads(child.out, "0 1 2 no more\n");
	spawn_done(&child);
	close(fd);
}

static void
lets_the_child_die_of_a_broken_pipe(void **state)
{
	struct spawn_child child;

	(void)state;
	assert_int_equal(signal(SIGPIPE, SIG_IGN) == SIG_ERR, 0);
	assert_int_equal(start_script(&child, "exec yes", SPAWN_OUT), 0);
	close(child.out);
	child.out = -1;
	assert_int_equal(status_of(&child), 128 + SIGPIPE);
	spawn_done(&child);
}

/* Runs in a child that starts with all three closed. */
static void
works_without_standard_descriptors(void **state)
{
	pid_t pid = fork();
	int status;

	(void)state;
	if (pid == 0) {
		struct spawn_child child;
		char answer[8] = "";

		close(0);
		close(1);
		close(2);
		if (start_script(&child, "cat; echo x >&2",
			SPAWN_IN | SPAWN_OUT | SPAWN_ERR) == -1)
			_exit(1);
		if (write(child.in, "in", 2) != 2)
			_exit(2);
		spawn_close_in(&child);
		if (read(child.out, answer, 8) != 2 ||
		    strcmp(answer, "in") != 0)
			_exit(3);
		if (read(child.err, answer, 8) != 2 || answer[0] != 'x')
			_exit(4);
		spawn_done(&child);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

static void
is_harmless_without_a_child(void **state)
{
	struct spawn_child child;

	(void)state;
	spawn_init(&child);
	spawn_close_in(&child);
	spawn_done(&child);
	spawn_done(&child);
	assert_int_equal(child.pid, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(joins_the_child_by_three_pipes),
	    cmocka_unit_test(joins_the_child_by_a_fourth_pipe),
	    cmocka_unit_test(joins_four_pipes_where_none_is_in_anothers_way),
	    cmocka_unit_test(hands_over_another_environment),
	    cmocka_unit_test(gives_an_empty_stdin_unless_asked),
	    cmocka_unit_test(reports_a_program_that_cannot_be_executed),
	    cmocka_unit_test(tells_a_signal_from_an_exit_status),
	    cmocka_unit_test(stops_waiting_at_the_deadline_and_kills_when_done),
	    cmocka_unit_test(asks_a_child_to_end_before_it_kills),
	    cmocka_unit_test(never_kills_a_child_that_may_finish),
	    cmocka_unit_test(reaps_a_child_that_may_finish_and_does),
	    cmocka_unit_test(leaves_no_descriptor_to_the_child),
	    cmocka_unit_test(lets_the_child_die_of_a_broken_pipe),
	    cmocka_unit_test(works_without_standard_descriptors),
	    cmocka_unit_test(is_harmless_without_a_child),
	};

	/* A shell can't trap a signal that was ignored when it started. */
	signal(SIGHUP, SIG_DFL);
	return cmocka_run_group_tests(tests, NULL, NULL);
}

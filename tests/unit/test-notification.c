/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "credential/notification.h"

#include "directory.h"

/* Makes a FIFO, to which a postrider-credential copies what it is given. */
static void
install_program(char fifo[128])
{
	char path[128];
	FILE *file;

	snprintf(fifo, 128, "%s/shown", directory);
	assert_int_equal(mkfifo(fifo, 0600), 0);
	snprintf(path, sizeof path, "%s/postrider-credential", directory);
	file = fopen(path, "w");
	assert_non_null(file);
	fprintf(file,
	    "#!/bin/sh\n{ echo \"$*:${POSTRIDER_PASSWORD-unset}\"; "
	    "cat; } >%s\n",
	    fifo);
	fclose(file);
	assert_int_equal(chmod(path, 0700), 0);
}

static void
remove_program(const char *fifo)
{
	char path[128];

	snprintf(path, sizeof path, "%s/postrider-credential", directory);
	unlink(path);
	unlink(fifo);
}

/* Reading the FIFO waits for the program, which the call does not. */
static void
assert_shown(const char *fifo, const char *expected)
{
	char text[8192];
	size_t len = 0;
	ssize_t got;
	int fd = open(fifo, O_RDONLY);

	assert_int_not_equal(fd, -1);
	while ((got = read(fd, text + len, sizeof text - 1 - len)) > 0)
		len += (size_t)got;
	close(fd);
	text[len] = '\0';
	assert_string_equal(text, expected);
}

static void
gives_the_text_to_the_program(void **state)
{
	char fifo[128];

	(void)state;
	install_program(fifo);
	keeper_notify("Not sent", "to you\n550 no");
	assert_shown(fifo, "notify:unset\nNot sent\nto you\n550 no");
	remove_program(fifo);
}

static void
leaves_no_child(void **state)
{
	char fifo[128];

	(void)state;
	install_program(fifo);
	keeper_notify("a", "");
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
	assert_shown(fifo, "notify:unset\na\n");
	remove_program(fifo);
}

static void
truncates_a_long_text(void **state)
{
	static char text[10000];
	char expected[4096];
	char fifo[128];

	(void)state;
	memset(text, 'x', sizeof text - 1);
	install_program(fifo);
	keeper_notify(text, text);
	snprintf(expected, sizeof expected, "notify:unset\n%.*s\n%.*s",
	    KEEPER_NOTIFICATION_MAX / 2, text, KEEPER_NOTIFICATION_MAX / 2,
	    text);
	assert_shown(fifo, expected);
	remove_program(fifo);
}

static void
needs_no_program(void **state)
{
	(void)state;
	keeper_notify("a", "b");
}

static int
set_up(void **state)
{
	(void)state;
	if (make_directory() == -1)
		return -1;
	setenv("POSTRIDER_PASSWORD", "secret", 1);
	return setenv("POSTRIDER_EXEC_PATH", directory, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(gives_the_text_to_the_program),
	    cmocka_unit_test(leaves_no_child),
	    cmocka_unit_test(truncates_a_long_text),
	    cmocka_unit_test(needs_no_program),
	};

	return cmocka_run_group_tests(tests, set_up, remove_directory);
}

/* SPDX-License-Identifier: MIT */
/*
 * Tests which browser is started, and with which arguments. The browsers are
 * shell scripts in a temporary directory that record how they were called.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "oauth2/browser.h"

#include "directory.h"

enum {
	ENOUGH_MS = 10000,
	TEXT_MAX = 4096
};

static const char url[] = "https://a.example/?x=%20&y=$(z);'";
/* Creates a browser of this name that records the output of the shell lines. */
static void
install(const char *name, const char *lines)
{
	char script[TEXT_MAX];
	struct error err;

	snprintf(script, sizeof script,
	    "#!/bin/sh\n{ %s\n} > new\nmv new note\n", lines);
	assert_int_equal(file_replace(name, script, strlen(script), 0700, &err),
	    0);
}

/* Waits for the record of the browser, and reads it. */
static void
assert_note(const char *expected)
{
	int64_t deadline_ms = clock_now_ms() + ENOUGH_MS;
	struct error err;
	struct buf note;
	int fd = -1;

	while (fd == -1 && clock_left_ms(deadline_ms) > 0) {
		clock_sleep_until(clock_now_ms() + 5);
		fd = file_open("note", ERROR_INPUT, &err);
	}
	assert_int_not_equal(fd, -1);
	buf_init(&note, TEXT_MAX);
	assert_int_equal(file_read(fd, &note, "note", &err), 0);
	assert_string_equal(buf_text(&note), expected);
	buf_done(&note);
	close(fd);
	unlink("note");
}

/* Opens the URL with this value of $BROWSER, or without it. */
static bool
open_with(const char *browser)
{
	pid_t pid;
	bool opened;

	unsetenv("BROWSER");
	if (browser != NULL)
		setenv("BROWSER", browser, 1);
	opened = browser_open(url, &pid);
	if (opened)
		browser_release(pid);
	return opened;
}

static void
adds_the_url_as_the_last_word(void **state)
{
	(void)state;
	install("plain", "for word; do echo \"[$word]\"; done");
	assert_true(open_with("./plain  --new-window "));
	assert_note("[--new-window]\n[https://a.example/?x=%20&y=$(z);']\n");
}

static void
puts_the_url_where_the_command_wants_it(void **state)
{
	(void)state;
	install("plain", "for word; do echo \"[$word]\"; done");
	assert_true(open_with("./plain --url=%s 5%%d"));
	assert_note("[--url=https://a.example/?x=%20&y=$(z);']\n[5%d]\n");
}

static void
passes_over_what_is_not_there(void **state)
{
	(void)state;
	install("plain", "echo \"$#\"");
	assert_true(open_with("/nonexistent/browser:: :./plain"));
	assert_note("1\n");
}

static void
says_when_there_is_none(void **state)
{
	(void)state;
	assert_false(open_with("/nonexistent/browser"));
	assert_false(open_with(":"));
	unsetenv("DISPLAY");
	unsetenv("WAYLAND_DISPLAY");
	assert_false(open_with(NULL));
}

#ifndef __APPLE__
static void
asks_the_desktop_where_there_is_one(void **state)
{
	char *path = getenv("PATH");
	char longer[TEXT_MAX];

	(void)state;
	install("xdg-open", "echo \"desktop $1\"");
	snprintf(longer, sizeof longer, "%s:%s", directory, path);
	setenv("PATH", longer, 1);
	setenv("WAYLAND_DISPLAY", "wayland-0", 1);
	assert_true(open_with(NULL));
	unsetenv("WAYLAND_DISPLAY");
	assert_note("desktop https://a.example/?x=%20&y=$(z);'\n");
}
#endif

static void
hands_over_no_terminal(void **state)
{
	(void)state;
	install("plain",
	    "for fd in 0 1 2; do test -t $fd && echo terminal; done\n"
	    "read -r line || echo end");
	assert_true(open_with("./plain"));
	assert_note("end\n");
}

static void
lives_in_a_session_of_its_own(void **state)
{
	pid_t pid;

	(void)state;
	install("plain", "exec sleep 600");
	setenv("BROWSER", "./plain", 1);
	assert_true(browser_open(url, &pid));
	assert_int_equal(getsid(pid), pid);
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
}

static int
set_up(void **state)
{
	(void)state;
	return enter_directory();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(adds_the_url_as_the_last_word),
	    cmocka_unit_test(puts_the_url_where_the_command_wants_it),
	    cmocka_unit_test(passes_over_what_is_not_there),
	    cmocka_unit_test(says_when_there_is_none),
#ifndef __APPLE__
	    cmocka_unit_test(asks_the_desktop_where_there_is_one),
#endif
	    cmocka_unit_test(hands_over_no_terminal),
	    cmocka_unit_test(lives_in_a_session_of_its_own),
	};

	return cmocka_run_group_tests(tests, set_up, remove_directory);
}

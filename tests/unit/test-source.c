/* SPDX-License-Identifier: MIT */
/*
 * Tests reading the message from pipes and files, small and large, with and
 * without a final dot.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/file.h"
#include "message/source.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/*
 * A pipe that a child writes text into: in one go, or with first_len bytes by
 * themselves in a first write, which the reader then gets by themselves.
 */
static int
open_writer(const char *text, size_t len, size_t first_len)
{
	struct error err;
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	if (fork() == 0) {
		signal(SIGPIPE, SIG_IGN);
		close(ends[0]);
		file_write(ends[1], text, first_len, &err);
		if (first_len > 0 && first_len < len)
			clock_sleep_until(clock_now_ms() + 10);
		file_write(ends[1], text + first_len, len - first_len, &err);
		_exit(0);
	}
	close(ends[1]);
	return ends[0];
}

static struct source *
read_text(const char *text, size_t len, size_t first_len, bool dot_ends)
{
	int fd = open_writer(text, len, first_len);
	struct error err;
	struct source *source = source_read(fd, dot_ends, &err);

	close(fd);
	wait(NULL);
	if (source == NULL)
		fail_msg("%s", err.message);
	return source;
}

static void
assert_source(struct source *source, const char *expected, size_t len)
{
	char *copy = malloc(len + 1);
	struct error err;

	assert_non_null(copy);
	assert_int_equal(source_size(source), len);
	assert_int_equal(source_copy(source, 0, copy, len + 1, &err), len);
	assert_memory_equal(copy, expected, len);
	free(copy);
}

/* Bytes that differ from one place to the next, without dots or line ends. */
static char *
make_text(size_t len)
{
	char *text = malloc(len + 1);

	assert_non_null(text);
	for (size_t i = 0; i < len; i++)
		text[i] = (char)('a' + (i + i / 26 + i / 7919) % 26);
	return text;
}

static void
keeps_messages_of_any_size(void **state)
{
	static const size_t sizes[] = {0, 1, SOURCE_PIECE - 1, SOURCE_PIECE,
	    SOURCE_PIECE + 1, SOURCE_MEMORY_MAX - 1, SOURCE_MEMORY_MAX,
	    SOURCE_MEMORY_MAX + 1, 3 * SOURCE_MEMORY_MAX + 17};

	(void)state;
	for (size_t i = 0; i < COUNT(sizes); i++) {
		char *text = make_text(sizes[i]);
		struct source *source =
		    read_text(text, sizes[i], 0, i % 2 == 0);

		assert_source(source, text, sizes[i]);
		source_free(source);
		free(text);
	}
}

static void
reads_again_from_any_offset(void **state)
{
	static const size_t sizes[] = {1000, 2 * SOURCE_MEMORY_MAX};

	(void)state;
	for (size_t i = 0; i < COUNT(sizes); i++) {
		char *text = make_text(sizes[i]);
		struct source *source = read_text(text, sizes[i], 0, false);
		struct error err;
		char piece[100];

		for (size_t at = sizes[i] - 50; at > 0; at /= 2) {
			size_t left = sizes[i] - at;
			size_t want = left < 100 ? left : 100;

			assert_int_equal(source_copy(source, at, piece, 100,
					     &err),
			    want);
			assert_memory_equal(piece, text + at, want);
		}
		assert_int_equal(source_copy(source, sizes[i], piece, 100,
				     &err),
		    0);
		assert_int_equal(source_copy(source, UINT64_MAX, piece, 100,
				     &err),
		    0);
		source_free(source);
		free(text);
	}
}

static void
ends_at_a_lone_dot_cut_anywhere(void **state)
{
	static const struct {
		const char *text;
		const char *kept;
	} cases[] = {
	    {"a\n.\nb\n", "a\n"},
	    {"a\r\n.\r\nb", "a\r\n"},
	    {"a\r.\rb", "a\r"},
	    {".\nb", ""},
	    {".", ""},
	    {"a\n.", "a\n"},
	    {"a\n..\nb\n.\nc", "a\n..\nb\n"},
	    {"a.\n.b\n. \n.\nc", "a.\n.b\n. \n"},
	    {"a\n\n.\n", "a\n\n"},
	    {"a.", "a."},
	    {"a\n.b", "a\n.b"},
	    {"...", "..."},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		size_t len = strlen(cases[i].text);

		for (size_t cut = 0; cut < len; cut++) {
			struct source *source =
			    read_text(cases[i].text, len, cut, true);

			assert_source(source, cases[i].kept,
			    strlen(cases[i].kept));
			source_free(source);
		}
	}
}

static void
keeps_lone_dots_otherwise(void **state)
{
	const char *text = "a\n.\nb\r\n.\r\n.";
	struct source *source = read_text(text, strlen(text), 0, false);

	(void)state;
	assert_source(source, text, strlen(text));
	source_free(source);
}

static void
ends_at_a_dot_behind_a_large_text(void **state)
{
	size_t len = 2 * SOURCE_MEMORY_MAX;
	char *text = make_text(len);
	struct source *source;

	(void)state;
	memcpy(text + len - 5, "\n.\nxx", 5);
	source = read_text(text, len, 0, true);
	assert_source(source, text, len - 4);
	source_free(source);
	free(text);
}

static void
reports_an_input_that_cant_be_read(void **state)
{
	struct error err;
	int fd = open("/", O_RDONLY | O_CLOEXEC);

	(void)state;
	assert_null(source_read(-1, false, &err));
	assert_int_equal(err.code, ERROR_IO);
	assert_string_equal(err.message, "standard input: Bad file descriptor");
	assert_null(source_read(fd, false, &err));
	assert_int_equal(err.sys_errno, EISDIR);
	close(fd);
}

static void
waits_for_an_input_that_is_not_blocking(void **state)
{
	int fd = open_writer("late", 4, 1);
	struct error err;
	struct source *source;

	(void)state;
	assert_int_equal(fcntl(fd, F_SETFL, O_NONBLOCK), 0);
	source = source_read(fd, false, &err);
	assert_non_null(source);
	assert_source(source, "late", 4);
	source_free(source);
	close(fd);
	wait(NULL);
}

static void
ignore_signal(int number)
{
	(void)number;
}

static void
goes_on_after_a_signal(void **state)
{
	struct sigaction action = {.sa_handler = ignore_signal};
	int fd = open_writer("a late message", 14, 1);
	struct error err;
	struct source *source;

	(void)state;
	assert_int_equal(sigaction(SIGCHLD, &action, NULL), 0);
	if (fork() == 0)
		_exit(0);
	source = source_read(fd, false, &err);
	assert_non_null(source);
	assert_source(source, "a late message", 14);
	source_free(source);
	close(fd);
	while (wait(NULL) > 0)
		continue;
	signal(SIGCHLD, SIG_DFL);
}

/* Writes fail as on a full disk when the size of files is limited. */
static void
reports_a_full_disk(void **state)
{
	struct rlimit saved;
	struct rlimit small;
	size_t len = 4 * SOURCE_MEMORY_MAX;
	char *text = make_text(len);
	struct error err;
	int fd;

	(void)state;
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &saved), 0);
	small = saved;
	small.rlim_cur = SOURCE_MEMORY_MAX + SOURCE_PIECE;
	fd = open_writer(text, len, 0);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	assert_null(source_read(fd, false, &err));
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &saved), 0);
	assert_int_equal(err.code, ERROR_IO);
	assert_int_equal(err.sys_errno, EFBIG);
	assert_non_null(strstr(err.message, "temporary copy of the message"));
	close(fd);
	wait(NULL);
	free(text);
}

static void
reports_a_missing_directory_for_temporary_files(void **state)
{
	size_t len = 2 * SOURCE_MEMORY_MAX;
	char *text = make_text(len);
	struct error err;
	int fd = open_writer(text, len, 0);

	(void)state;
	setenv("TMPDIR", "/nonexistent", 1);
	assert_null(source_read(fd, false, &err));
	unsetenv("TMPDIR");
	assert_int_equal(err.code, ERROR_CREATE);
	assert_non_null(strstr(err.message, "/nonexistent"));
	close(fd);
	wait(NULL);
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(keeps_messages_of_any_size),
	    cmocka_unit_test(reads_again_from_any_offset),
	    cmocka_unit_test(ends_at_a_lone_dot_cut_anywhere),
	    cmocka_unit_test(keeps_lone_dots_otherwise),
	    cmocka_unit_test(ends_at_a_dot_behind_a_large_text),
	    cmocka_unit_test(reports_an_input_that_cant_be_read),
	    cmocka_unit_test(waits_for_an_input_that_is_not_blocking),
	    cmocka_unit_test(goes_on_after_a_signal),
	    cmocka_unit_test(reports_a_full_disk),
	    cmocka_unit_test(reports_a_missing_directory_for_temporary_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

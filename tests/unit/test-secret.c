/* SPDX-License-Identifier: MIT */
/* Tests struct secret: its limit, truncation, and wiping. */
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/secret.h"

enum {
	SOON_MS = 2000
};

static struct secret *
secret_of(const void *bytes, size_t len)
{
	struct error err;
	struct secret *secret = secret_new(&err);

	assert_non_null(secret);
	assert_int_equal(secret_add(secret, bytes, len, &err), 0);
	return secret;
}

static void
is_empty_at_first(void **state)
{
	struct secret *secret = secret_of("", 0);

	(void)state;
	assert_int_equal(secret_len(secret), 0);
	assert_string_equal(secret_bytes(secret), "");
	secret_free(secret);
	secret_free(NULL);
}

static void
holds_any_bytes_and_a_nul_behind_them(void **state)
{
	struct secret *secret = secret_of("a\0b\xFF", 4);
	struct error err;

	(void)state;
	assert_int_equal(secret_add(secret, "c", 1, &err), 0);
	assert_int_equal(secret_len(secret), 5);
	assert_memory_equal(secret_bytes(secret),
	    "a\0b\xFF"
	    "c",
	    6);
	secret_free(secret);
}

static void
is_unchanged_by_what_does_not_fit(void **state)
{
	static char much[SECRET_MAX];
	struct secret *secret = secret_of("ab", 2);
	struct error err;

	(void)state;
	assert_int_equal(secret_add(secret, much, SECRET_MAX - 1, &err), -1);
	assert_int_equal(err.code, ERROR_DATA);
	assert_int_equal(secret_len(secret), 2);
	assert_int_equal(secret_add(secret, much, SECRET_MAX - 2, &err), 0);
	assert_int_equal(secret_len(secret), SECRET_MAX);
	assert_int_equal(secret_add(secret, "x", 1, &err), -1);
	assert_int_equal(secret_add(secret, much, SIZE_MAX, &err), -1);
	secret_free(secret);
}

static void
is_cut_at_its_first_line_end_and_wiped_behind(void **state)
{
	static const struct {
		const char *text, *line;
	} rows[] = {
	    {"a\nb\n", "a"},
	    {"a\r\nb", "a"},
	    {"a", "a"},
	    {"\n", ""},
	    {"", ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		size_t len = strlen(rows[i].text);
		size_t kept = strlen(rows[i].line);
		struct secret *secret = secret_of(rows[i].text, len);
		const char *bytes = secret_bytes(secret);

		secret_cut_line(secret);
		assert_int_equal(secret_len(secret), kept);
		for (size_t at = 0; at < len; at++)
			assert_int_equal(bytes[at],
			    at < kept ? rows[i].text[at] : '\0');
		secret_free(secret);
	}
}

static void
is_read_from_a_descriptor_to_its_end(void **state)
{
	struct secret *secret = secret_of("a", 1);
	struct error err;
	int ends[2];

	(void)state;
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], "b\nc", 3), 3);
	close(ends[1]);
	assert_int_equal(secret_read(secret, ends[0], clock_now_ms() + SOON_MS,
			     &err),
	    0);
	assert_string_equal(secret_bytes(secret), "ab\nc");
	close(ends[0]);
	assert_int_equal(secret_read(secret, ends[0], clock_now_ms() + SOON_MS,
			     &err),
	    -1);
	assert_int_equal(err.code, ERROR_IO);
	secret_free(secret);
}

static void
is_never_read_without_end(void **state)
{
	struct secret *secret = secret_of("", 0);
	struct error err;
	int fd = open("/dev/zero", O_RDONLY);

	(void)state;
	assert_int_equal(secret_read(secret, fd, clock_now_ms() + SOON_MS,
			     &err),
	    -1);
	assert_int_equal(err.code, ERROR_DATA);
	close(fd);
	secret_free(secret);
}

static void
do_nothing(int number)
{
	(void)number;
}

static void
is_not_waited_for_past_the_deadline(void **state)
{
	static const struct itimerval often = {{0, 10000}, {0, 10000}};
	static const struct itimerval never;
	static const struct sigaction action = {.sa_handler = do_nothing};
	struct secret *secret = secret_of("", 0);
	int64_t start_ms = clock_now_ms();
	struct error err;
	int ends[2];

	(void)state;
	/* Signals neither end the wait nor extend it. */
	sigaction(SIGALRM, &action, NULL);
	setitimer(ITIMER_REAL, &often, NULL);
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(secret_read(secret, ends[0], start_ms + 100, &err),
	    -1);
	setitimer(ITIMER_REAL, &never, NULL);
	assert_int_equal(err.code, ERROR_TEMPORARY);
	assert_in_range(clock_now_ms() - start_ms, 100, SOON_MS);
	close(ends[0]);
	close(ends[1]);
	secret_free(secret);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(is_empty_at_first),
	    cmocka_unit_test(holds_any_bytes_and_a_nul_behind_them),
	    cmocka_unit_test(is_unchanged_by_what_does_not_fit),
	    cmocka_unit_test(is_cut_at_its_first_line_end_and_wiped_behind),
	    cmocka_unit_test(is_read_from_a_descriptor_to_its_end),
	    cmocka_unit_test(is_never_read_without_end),
	    cmocka_unit_test(is_not_waited_for_past_the_deadline),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

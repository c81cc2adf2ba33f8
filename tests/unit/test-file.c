/* SPDX-License-Identifier: MIT */
/* Tests which files are trusted, locks, and replacing files. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"

#include "directory.h"

enum {
	SOON_MS = 5000
};

static void
write_file(const char *path, const char *text, mode_t mode)
{
	struct error err;

	assert_int_equal(file_replace(path, text, strlen(text), mode, &err), 0);
}

static void
assert_content(const char *path, const char *wanted)
{
	struct error err;
	struct buf text;
	int fd = file_open(path, ERROR_INPUT, &err);

	assert_int_not_equal(fd, -1);
	buf_init(&text, 1024);
	assert_int_equal(file_read(fd, &text, path, &err), 0);
	assert_string_equal(buf_text(&text), wanted);
	buf_done(&text);
	close(fd);
}

static size_t
count_files(const char *path)
{
	DIR *dir = opendir(path);
	size_t count = 0;

	assert_non_null(dir);
	while (readdir(dir) != NULL)
		count++;
	closedir(dir);
	return count - 2;
}

static int
set_up(void **state)
{
	(void)state;
	umask(022);
	return enter_directory();
}

static void
opens_nothing_but_a_regular_file(void **state)
{
	static const struct {
		const char *path;
		int cause;
	} rows[] = {
	    {"missing", ENOENT},
	    {"pipe", 0},
	    {"/", EISDIR},
	    {"/dev/null", 0},
	    {"plain/below", ENOTDIR},
	};

	(void)state;
	write_file("plain", "", 0600);
	assert_int_equal(mkfifo("pipe", 0600), 0);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct error err;

		assert_int_equal(file_open(rows[i].path, ERROR_INPUT, &err),
		    -1);
		assert_int_equal(err.code, ERROR_INPUT);
		assert_int_equal(err.sys_errno, rows[i].cause);
		assert_non_null(strstr(err.message, rows[i].path));
	}
}

static void
opens_a_file_that_children_do_not_inherit(void **state)
{
	struct error err;
	int fd;

	(void)state;
	write_file("plain", "text", 0600);
	fd = file_open("plain", ERROR_INPUT, &err);
	assert_int_not_equal(fd, -1);
	assert_true((fcntl(fd, F_GETFD) & FD_CLOEXEC) != 0);
	close(fd);
}

static int
open_protected(enum file_protection protection, struct error *err)
{
	int fd = file_open_protected("judged", protection, ERROR_INPUT, err);

	if (fd == -1)
		return -1;
	close(fd);
	return 0;
}

static void
judges_by_mode_what_others_can_do_with_a_file(void **state)
{
	static const struct {
		mode_t mode;
		bool is_trusted, is_secret;
	} rows[] = {
	    {0600, true, true},
	    {0400, true, true},
	    {0700, true, true},
	    {0640, true, false},
	    {0604, true, false},
	    {0644, true, false},
	    {0611, true, false},
	    {0620, false, false},
	    {0602, false, false},
	    {0666, false, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct error err = {.code = ERROR_NONE};
		char shown[32];

		snprintf(shown, sizeof shown, "owner %lu, mode %03o",
		    (unsigned long)geteuid(), (unsigned)rows[i].mode);
		write_file("judged", "", rows[i].mode);
		assert_int_equal(open_protected(FILE_TRUSTED, &err),
		    rows[i].is_trusted ? 0 : -1);
		if (!rows[i].is_trusted) {
			assert_int_equal(err.code, ERROR_CONFIG);
			assert_string_equal(err.hint, "chmod go-w judged");
			assert_non_null(strstr(err.message, shown));
		}
		assert_int_equal(open_protected(FILE_SECRET, &err),
		    rows[i].is_secret ? 0 : -1);
		if (!rows[i].is_secret) {
			assert_int_equal(err.code, ERROR_CONFIG);
			assert_string_equal(err.hint, "chmod 600 judged");
			assert_non_null(strstr(err.message, shown));
		}
	}
}

static void
accepts_files_of_the_user_and_of_root_only(void **state)
{
	static const enum file_protection protections[] = {FILE_TRUSTED,
	    FILE_SECRET};
	struct error err;

	(void)state;
	assert_int_equal(geteuid(), 0); /* sudo make check: gives a file away */
	write_file("judged", "", 0600);
	assert_int_equal(chmod(".", 0711), 0);
	assert_int_equal(chown("judged", 12345, (gid_t)-1), 0);
	for (size_t i = 0; i < 2; i++) {
		assert_int_equal(open_protected(protections[i], &err), -1);
		assert_int_equal(err.code, ERROR_CONFIG);
		assert_non_null(strstr(err.message, "user 12345"));
		assert_non_null(strstr(err.message, "mode 600"));
		assert_non_null(strstr(err.hint, "chown 0 judged"));
	}
	assert_int_equal(seteuid(12345), 0);
	for (size_t i = 0; i < 2; i++)
		assert_int_equal(open_protected(protections[i], &err), 0);
	assert_int_equal(seteuid(0), 0);
	write_file("judged", "", 0644);
	assert_int_equal(chown("judged", 0, (gid_t)-1), 0);
	assert_int_equal(seteuid(12345), 0);
	assert_int_equal(open_protected(FILE_TRUSTED, &err), 0);
	assert_int_equal(open_protected(FILE_SECRET, &err), -1);
	assert_int_equal(seteuid(0), 0);
}

static void
leaves_the_protection_of_credentials_to_systemd(void **state)
{
	static const struct {
		const char *directory;
		const char *path;
		int result;
	} rows[] = {
	    {"given", "given/key", 0},
	    {"given", "given/../given/key", -1},
	    {"given", "./given/key", -1},
	    {"give", "given/key", -1},
	    {"given/key", "given/key", -1},
	    {"", "given/key", -1},
	    {NULL, "given/key", -1},
	};

	(void)state;
	assert_int_equal(mkdir("given", 0700), 0);
	write_file("given/key", "", 0440);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct error err;
		int fd;

		if (rows[i].directory != NULL)
			setenv("CREDENTIALS_DIRECTORY", rows[i].directory, 1);
		fd = file_open_protected(rows[i].path, FILE_SECRET, ERROR_INPUT,
		    &err);
		unsetenv("CREDENTIALS_DIRECTORY");
		assert_int_equal(fd == -1 ? -1 : 0, rows[i].result);
		if (fd != -1)
			close(fd);
	}
}

static void
reads_no_more_than_the_bound(void **state)
{
	struct error err;
	struct buf text;
	int fd;

	(void)state;
	write_file("long", "12345678", 0600);
	fd = file_open("long", ERROR_INPUT, &err);
	buf_init(&text, 8);
	assert_int_equal(file_read(fd, &text, "long", &err), -1);
	assert_int_equal(err.code, ERROR_DATA);
	assert_non_null(strstr(err.message, "long"));
	buf_done(&text);
	lseek(fd, 0, SEEK_SET);
	buf_init(&text, 9);
	assert_int_equal(file_read(fd, &text, "long", &err), 0);
	assert_string_equal(text.data, "12345678");
	buf_done(&text);
	close(fd);
}

static void
says_that_the_disk_is_full(void **state)
{
	struct error err;
	int fd = open("/dev/full", O_WRONLY);

	(void)state;
	assert_int_not_equal(fd, -1);
	assert_int_equal(file_write(fd, "text", 4, &err), -1);
	assert_int_equal(err.code, ERROR_IO);
	assert_int_equal(err.sys_errno, ENOSPC);
	close(fd);
}

static void
replaces_a_file_as_a_whole(void **state)
{
	struct stat status;

	(void)state;
	write_file("config", "a longer old text", 0644);
	write_file("config", "new", 0600);
	assert_content("config", "new");
	assert_int_equal(stat("config", &status), 0);
	assert_int_equal(status.st_mode & 07777, 0600);
}

/* A limit on the size of files stands for a full disk. */
static void
leaves_the_old_file_when_the_disk_is_full(void **state)
{
	static const char much[8192] = {'x'};
	struct rlimit before;
	struct rlimit tight;
	struct error err;
	int result;

	(void)state;
	assert_int_equal(mkdir("full", 0700), 0);
	write_file("full/config", "old", 0600);
	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &before);
	tight = before;
	tight.rlim_cur = 4096;
	setrlimit(RLIMIT_FSIZE, &tight);
	result = file_replace("full/config", much, sizeof much, 0600, &err);
	setrlimit(RLIMIT_FSIZE, &before);
	assert_int_equal(result, -1);
	assert_int_equal(err.code, ERROR_CREATE);
	assert_content("full/config", "old");
	assert_int_equal(count_files("full"), 1);
}

/* A process that was killed leaves files named so. */
static void
removes_what_a_killed_process_left(void **state)
{
	static const char *const kept[] = {"left/other~abcdef",
	    "left/config~abcde", "left/config~abcdefg", "left/config~",
	    "left/config.abcdef", "left/config~young0"};
	const struct timespec old[2] = {{.tv_sec = 1}, {.tv_sec = 1}};

	(void)state;
	assert_int_equal(mkdir("left", 0700), 0);
	assert_int_equal(mkdir("left/config~directory", 0700), 0);
	write_file("left/config~Ab3xyZ", "a token", 0600);
	utimensat(AT_FDCWD, "left/config~Ab3xyZ", old, 0);
	for (size_t i = 0; i < sizeof kept / sizeof *kept; i++) {
		write_file(kept[i], "", 0600);
		if (strstr(kept[i], "young") == NULL)
			utimensat(AT_FDCWD, kept[i], old, 0);
	}
	write_file("left/config", "new", 0600);
	assert_int_equal(access("left/config~Ab3xyZ", F_OK), -1);
	for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
		assert_int_equal(access(kept[i], F_OK), 0);
	assert_int_equal(access("left/config~directory", F_OK), 0);
	file_remove_leftovers("left/config", 0);
	assert_int_equal(access("left/config~young0", F_OK), -1);
	assert_content("left/config", "new");
}

static void
names_the_file_that_cannot_be_made(void **state)
{
	struct error err;

	(void)state;
	assert_int_equal(file_replace("no/directory/config", "x", 1, 0600,
			     &err),
	    -1);
	assert_int_equal(err.code, ERROR_CREATE);
	assert_int_equal(err.sys_errno, ENOENT);
	assert_non_null(strstr(err.message, "no/directory/config"));
}

static void
makes_the_directories_above_a_file(void **state)
{
	struct stat status;
	struct error err;

	(void)state;
	assert_int_equal(file_make_directories("a/b/c/config", &err), 0);
	assert_int_equal(file_make_directories("a/b/c/config", &err), 0);
	assert_int_equal(stat("a/b/c", &status), 0);
	assert_true(S_ISDIR(status.st_mode));
	assert_int_equal(status.st_mode & 0777, 0700);
	assert_int_equal(stat("a/b/c/config", &status), -1);
	write_file("plain", "", 0600);
	assert_int_equal(file_make_directories("plain/b/config", &err), -1);
	assert_int_equal(err.code, ERROR_CREATE);
}

static void
keeps_an_unnamed_file_out_of_the_directory(void **state)
{
	char back[4] = "";
	struct stat status;
	struct error err;
	int fd;

	(void)state;
	assert_int_equal(mkdir("tmp", 0700), 0);
	setenv("TMPDIR", "tmp", 1);
	fd = file_open_unnamed(&err);
	assert_int_not_equal(fd, -1);
	assert_int_equal(count_files("tmp"), 0);
	assert_int_equal(fstat(fd, &status), 0);
	assert_int_equal(status.st_mode & 0777, 0600);
	assert_int_equal(file_write(fd, "abc", 3, &err), 0);
	assert_int_equal(pread(fd, back, 3, 0), 3);
	assert_string_equal(back, "abc");
	close(fd);
	setenv("TMPDIR", "/nonexistent", 1);
	assert_int_equal(file_open_unnamed(&err), -1);
	assert_int_equal(err.code, ERROR_CREATE);
	assert_non_null(strstr(err.message, "/nonexistent"));
}

/* Starts a process that locks the file, and waits until it has. */
static pid_t
lock_elsewhere(const char *path)
{
	int ends[2];
	char byte;
	pid_t pid;

	assert_int_equal(pipe(ends), 0);
	pid = fork();
	if (pid == 0) {
		struct error err;

		if (file_lock(path, clock_now_ms() + SOON_MS, &err) == -1 ||
		    write(ends[1], "x", 1) != 1)
			_exit(1);
		pause();
		_exit(0);
	}
	close(ends[1]);
	assert_int_equal(read(ends[0], &byte, 1), 1);
	close(ends[0]);
	return pid;
}

static void
locks_a_file_for_one_process_at_a_time(void **state)
{
	pid_t holder = lock_elsewhere("locked");
	struct error err;
	int other;
	int fd;

	(void)state;
	assert_int_equal(file_lock("locked", clock_now_ms() + 50, &err), -1);
	assert_int_equal(err.code, ERROR_TEMPORARY);
	assert_non_null(strstr(err.message, "locked"));
	other = file_lock("other", clock_now_ms(), &err);
	assert_int_not_equal(other, -1);
	close(other);

	/* The kernel releases the locks of a process that was killed. */
	kill(holder, SIGKILL);
	fd = file_lock("locked", clock_now_ms() + SOON_MS, &err);
	assert_int_not_equal(fd, -1);
	assert_true((fcntl(fd, F_GETFD) & FD_CLOEXEC) != 0);
	assert_int_equal(waitpid(holder, NULL, 0), holder);
	close(fd);
}

static void
locks_again_what_was_closed(void **state)
{
	struct error err;

	(void)state;
	for (int i = 0; i < 3; i++) {
		int fd = file_lock("again", clock_now_ms(), &err);

		assert_int_not_equal(fd, -1);
		close(fd);
	}
}

static void
follows_no_link_to_what_it_locks(void **state)
{
	struct error err;

	(void)state;
	assert_int_equal(symlink("target", "link"), 0);
	assert_int_equal(file_lock("link", clock_now_ms(), &err), -1);
	assert_int_equal(err.code, ERROR_CREATE);
	assert_int_equal(access("target", F_OK), -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(opens_nothing_but_a_regular_file),
	    cmocka_unit_test(opens_a_file_that_children_do_not_inherit),
	    cmocka_unit_test(judges_by_mode_what_others_can_do_with_a_file),
	    cmocka_unit_test(accepts_files_of_the_user_and_of_root_only),
	    cmocka_unit_test(leaves_the_protection_of_credentials_to_systemd),
	    cmocka_unit_test(reads_no_more_than_the_bound),
	    cmocka_unit_test(says_that_the_disk_is_full),
	    cmocka_unit_test(replaces_a_file_as_a_whole),
	    cmocka_unit_test(leaves_the_old_file_when_the_disk_is_full),
	    cmocka_unit_test(removes_what_a_killed_process_left),
	    cmocka_unit_test(names_the_file_that_cannot_be_made),
	    cmocka_unit_test(makes_the_directories_above_a_file),
	    cmocka_unit_test(keeps_an_unnamed_file_out_of_the_directory),
	    cmocka_unit_test(locks_a_file_for_one_process_at_a_time),
	    cmocka_unit_test(locks_again_what_was_closed),
	    cmocka_unit_test(follows_no_link_to_what_it_locks),
	};

	return cmocka_run_group_tests(tests, set_up, remove_directory);
}

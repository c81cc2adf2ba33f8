/* SPDX-License-Identifier: MIT */
/* Tests adding an account to a configuration file. */
#include "config-fixture.h"

#include <fcntl.h>

#include "base/buf.h"
#include "config/config-change.h"

static void
read_whole_file(struct fixture *fixture, struct buf *text, mode_t *mode)
{
	int fd = open(fixture->path, O_RDONLY);
	struct stat status;

	assert_true(fd != -1);
	assert_int_equal(fstat(fd, &status), 0);
	assert_int_equal(file_read(fd, text, fixture->path, &fixture->err), 0);
	*mode = status.st_mode & 0777;
	close(fd);
}

/* Adds an account with awkward values; the path that was reported is freed. */
static int
add_awkward(struct fixture *fixture, const char *name)
{
	struct settings settings;
	char *path = NULL;
	char *kept = NULL;
	int result;

	settings_init(&settings);
	assert_int_equal(settings_set(&settings, SETTING_FULL_NAME,
			     "O'Hara \"x\" \\ ${HOME} # {", "x:1",
			     &fixture->err),
	    0);
	assert_int_equal(settings_set(&settings, SETTING_FROM,
			     "a+b@x.example,*@y.example", "x:1", &fixture->err),
	    0);
	assert_int_equal(settings_set(&settings, SETTING_PROVIDER, "gmail",
			     "x:1", &fixture->err),
	    0);
	assert_int_equal(settings_set(&settings, SETTING_USER, "", "x:1",
			     &fixture->err),
	    0);
	result = config_add_account(NULL, name, &settings, &path, &kept,
	    &fixture->err);
	if (result == 0)
		assert_string_equal(path, fixture->path);
	else
		assert_null(path);
	free(path);
	free(kept);
	settings_done(&settings);
	return result;
}

static void
adds_an_account_that_reads_as_it_was(void **state)
{
	struct fixture *fixture = *state;
	const struct config_account *account;
	struct config *config;
	struct buf text;
	mode_t mode;

	assert_int_equal(add_awkward(fixture, "me@x.example"), 0);
	buf_init(&text, 65536);
	read_whole_file(fixture, &text, &mode);
	assert_int_equal(mode, 0600);
	buf_done(&text);
	config = config_load(NULL, &fixture->err);
	account = config_find_account(config, "me@x.example");
	assert_non_null(account);
	assert_string_equal(account->settings.text[SETTING_FULL_NAME],
	    "O'Hara \"x\" \\ ${HOME} # {");
	assert_string_equal(account->settings.text[SETTING_FROM],
	    "a+b@x.example\n*@y.example");
	assert_string_equal(account->settings.text[SETTING_PROVIDER], "gmail");
	assert_string_equal(account->settings.text[SETTING_USER], "");
	config_free(config);
}

static void
keeps_the_rest_of_the_file_byte_for_byte(void **state)
{
	static const char old[] =
	    "\xEF\xBB\xBF# my notes\r\n\taccount  a {}\r\n"
	    "# no end of line";
	static const char new[] = "\xEF\xBB\xBF"
				  "default-account = a\r\n\r\n"
				  "# my notes\r\n\taccount  a {}\r\n"
				  "# no end of line\r\n\r\naccount b {\r\n";
	struct fixture *fixture = *state;
	struct buf text;
	mode_t mode;

	fixture_write(fixture, old, strlen(old));
	assert_int_equal(chmod(fixture->path, 0640), 0);
	assert_int_equal(add_awkward(fixture, "b"), 0);
	buf_init(&text, 65536);
	read_whole_file(fixture, &text, &mode);
	assert_int_equal(mode, 0640);
	assert_memory_equal(text.data, new, strlen(new));
	buf_done(&text);
}

static void
leaves_the_file_alone_when_it_cannot_add(void **state)
{
	static const char *const files[] = {"account a {\n}\n",
	    "account b {\n"};
	struct fixture *fixture = *state;

	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		struct buf text;
		mode_t mode;

		fixture_write(fixture, files[i], strlen(files[i]));
		assert_int_equal(add_awkward(fixture, "a"), -1);
		assert_int_equal(error_exit_status(fixture->err.code), 78);
		buf_init(&text, 65536);
		read_whole_file(fixture, &text, &mode);
		assert_string_equal(text.data, files[i]);
		buf_done(&text);
	}
}

static void
follows_a_link_when_it_adds(void **state)
{
	struct fixture *fixture = *state;
	char target[FIXTURE_PATH_SIZE + 16];
	struct settings settings;
	struct stat status;
	char *path = NULL;
	char *kept = NULL;

	snprintf(target, sizeof target, "%s/dotfile", fixture->home);
	assert_int_equal(file_replace(target, "# x\n", 4, 0600, &fixture->err),
	    0);
	assert_int_equal(file_make_directories(fixture->path, &fixture->err),
	    0);
	assert_int_equal(symlink(target, fixture->path), 0);
	settings_init(&settings);
	assert_int_equal(config_add_account(NULL, "a", &settings, &path, &kept,
			     &fixture->err),
	    0);
	assert_string_equal(path, target);
	assert_int_equal(lstat(fixture->path, &status), 0);
	assert_true(S_ISLNK(status.st_mode));
	assert_int_equal(stat(target, &status), 0);
	assert_true(status.st_size > 4);
	free(path);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    WITH_HOME(adds_an_account_that_reads_as_it_was),
	    WITH_HOME(keeps_the_rest_of_the_file_byte_for_byte),
	    WITH_HOME(leaves_the_file_alone_when_it_cannot_add),
	    WITH_HOME(follows_a_link_when_it_adds),
	};

	return cmocka_run_group_tests_name("config-file", tests, NULL, NULL);
}

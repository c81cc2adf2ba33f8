/* SPDX-License-Identifier: MIT */
/* Tests what all backends of the vault share: names and locks. */
#include "entry.h"

#include <pwd.h>
#include <sys/wait.h>

enum {
	PROCESSES = 20
};

static void
says_what_place_it_is(void **state)
{
	static const struct {
		struct vault_place place;
		const char *name;
	} rows[] = {
	    {{.helper = NULL}, "the keyring"},
	    {{.directory = "/var/lib/tokens"}, "the directory /var/lib/tokens"},
	    {{.helper = "libsecret --x"}, "credential-helper \"libsecret\""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct vault *vault = open_vault(rows[i].place);

		assert_string_equal(vault_name(vault), rows[i].name);
		vault_close(vault);
	}
	vault_close(NULL);
}

/* Named by the SHA-256 of the parts of the key, each with its final NUL. The
 * user is of this test alone, and its lock is removed. */
static const char take_lock_away[] =
    "rm \"$LOCKS/$(printf 'oauth2\\0smtp.example.test\\0%s\\0' \"$WHO\" | "
    "sha256sum | cut -d ' ' -f 1)\"";

static void
keeps_locks_in_a_private_directory(void **state)
{
	const struct {
		struct vault_place place;
		const char *directory;
		const char *parent;
	} rows[] = {
	    {{.directory = NULL}, ".local/state/postrider/locks",
		getpwuid(geteuid())->pw_dir},
	    {{.helper = "store"}, ".local/state/postrider/locks",
		getpwuid(geteuid())->pw_dir},
	    {{.directory = "kept"}, "kept", directory},
	};

	struct vault_key key = tokens;
	char user[64];

	(void)state;
	snprintf(user, sizeof user, "alice%ld@example.test", (long)getpid());
	setenv("WHO", user, 1);
	key.user = user;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct vault *vault = open_vault(rows[i].place);
		char path[PATH_MAX];
		struct stat status;
		struct error err;
		int fd = vault_lock(vault, &key, clock_now_ms(), &err);

		assert_int_not_equal(fd, -1);
		close(fd);
		snprintf(path, sizeof path, "%s/%s", rows[i].parent,
		    rows[i].directory);
		assert_int_equal(stat(path, &status), 0);
		assert_int_equal(status.st_mode & 0777, 0700);
		setenv("LOCKS", path, 1);
		run(take_lock_away);
		vault_close(vault);
	}
	assert_int_equal(access(".local", F_OK), -1);
}

static void
waits_for_the_same_key_only(void **state)
{
	struct vault *vault =
	    open_vault((struct vault_place){.directory = "waits"});
	struct vault_key other = tokens;
	struct error err;
	int held = vault_lock(vault, &tokens, clock_now_ms(), &err);
	int fd;

	(void)state;
	assert_int_not_equal(held, -1);
	other.user = "bob@example.test";
	fd = vault_lock(vault, &other, clock_now_ms(), &err);
	assert_int_not_equal(fd, -1);
	close(fd);
	assert_int_equal(vault_lock(vault, &tokens, clock_now_ms() + 50, &err),
	    -1);
	assert_int_equal(err.code, ERROR_TEMPORARY);
	assert_string_equal(err.message,
	    "another process is still signing in as "
	    "alice@example.test at smtp.example.test");
	close(held);
	fd = vault_lock(vault, &tokens, clock_now_ms(), &err);
	assert_int_not_equal(fd, -1);
	close(fd);
	vault_close(vault);
}

/* Appends a letter to the stored token, in place of a renewal. */
static int
add_letter(void)
{
	struct vault *vault = open_vault(
	    (struct vault_place){.directory = "many", .encrypt = "plain-text"});
	struct credential_message entry;
	struct error err;
	int fd = vault_lock(vault, &tokens, clock_now_ms() + ENOUGH_MS, &err);

	if (fd == -1 || vault_load(vault, &tokens, &entry, &err) == -1 ||
	    secret_add(entry.password, "x", 1, &err) == -1 ||
	    vault_store(vault, &tokens, &entry, &err) == -1)
		return 1;
	credential_message_done(&entry);
	close(fd);
	vault_close(vault);
	return 0;
}

static void
loses_nothing_when_many_renew_at_once(void **state)
{
	char wanted[1 + PROCESSES + 1] = "=";
	struct vault *vault = open_vault(
	    (struct vault_place){.directory = "many", .encrypt = "plain-text"});

	(void)state;
	store(vault, &tokens, "=", NULL);
	for (int i = 0; i < PROCESSES; i++) {
		pid_t pid = fork();

		assert_int_not_equal(pid, -1);
		if (pid == 0)
			_exit(add_letter());
	}
	for (int i = 0; i < PROCESSES; i++) {
		int status;

		assert_int_not_equal(wait(&status), -1);
		assert_int_equal(status, 0);
	}
	memset(wanted + 1, 'x', PROCESSES);
	assert_kept(vault, &tokens, wanted, NULL);
	vault_close(vault);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(says_what_place_it_is),
	    cmocka_unit_test(keeps_locks_in_a_private_directory),
	    cmocka_unit_test(waits_for_the_same_key_only),
	    cmocka_unit_test(loses_nothing_when_many_renew_at_once),
	};

	return cmocka_run_group_tests(tests, make_home, remove_home);
}

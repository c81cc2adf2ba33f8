/* SPDX-License-Identifier: MIT */
/*
 * Tests the directory of encrypted files: its contents, what is refused, and
 * encryption by real programs.
 */
#include "entry.h"

#include <dirent.h>

#define FILE_NAME "/oauth2-alice@example.test@smtp.example.test"

/* Stands for encryption without a key. */
#define SCRAMBLE "openssl enc -base64 -A | tr A-Za-z N-ZA-Mn-za-m"
#define UNSCRAMBLE "tr A-Za-z N-ZA-Mn-za-m | openssl enc -d -base64 -A"

static struct vault *
open_directory(const char *path, const char *encrypt, const char *decrypt)
{
	return open_vault((struct vault_place){.directory = path,
	    .encrypt = encrypt,
	    .decrypt = decrypt});
}

static void
keeps_what_belongs_together_in_one_file(void **state)
{
	struct vault *vault = open_directory("kept", SCRAMBLE, UNSCRAMBLE);
	struct stat status;
	struct buf text;

	(void)state;
	assert_string_equal(vault_name(vault), "the directory kept");
	assert_kept(vault, &tokens, NULL, NULL);
	store(vault, &tokens, "access", "refresh");
	store(vault, &client, "client secret", NULL);
	assert_kept(vault, &tokens, "access", "refresh");
	assert_kept(vault, &client, "client secret", NULL);
	assert_kept(vault, &password, NULL, NULL);
	assert_int_equal(stat("kept", &status), 0);
	assert_int_equal(status.st_mode & 0777, 0700);
	assert_int_equal(stat("kept" FILE_NAME, &status), 0);
	assert_int_equal(status.st_mode & 0777, 0600);
	read_back("kept" FILE_NAME, &text);
	assert_null(strstr(text.data, "access"));
	buf_done(&text);
	vault_close(vault);
}

static void
replaces_and_erases(void **state)
{
	struct vault *vault = open_directory("replaced", SCRAMBLE, UNSCRAMBLE);
	struct error err;

	(void)state;
	assert_int_equal(vault_erase(vault, &tokens, &err), 0);
	store(vault, &tokens, "old", "old refresh");
	store(vault, &tokens, "new", "new refresh");
	assert_kept(vault, &tokens, "new", "new refresh");
	store(vault, &password, "hunter2", NULL);
	assert_int_equal(vault_erase(vault, &tokens, &err), 0);
	assert_kept(vault, &tokens, NULL, NULL);
	assert_kept(vault, &password, "hunter2", NULL);
	assert_int_equal(vault_erase(vault, &tokens, &err), 0);
	vault_close(vault);
}

static void
keeps_plain_text_only_when_told_so(void **state)
{
	struct vault *vault = open_directory("plain", NULL, NULL);
	struct error err;
	struct buf text;

	(void)state;
	assert_int_equal(try_store(vault, &tokens, "a", "r", &err), -1);
	assert_int_equal(err.code, ERROR_CONFIG);
	assert_string_equal(err.message,
	    "credential-folder needs credential-encrypt");
	assert_non_null(strstr(err.hint, "plain-text"));
	assert_int_equal(access("plain", F_OK), -1);
	vault_close(vault);

	vault = open_directory("plain", "plain-text", NULL);
	store(vault, &tokens, "access", "refresh");
	assert_kept(vault, &tokens, "access", "refresh");
	read_back("plain" FILE_NAME, &text);
	assert_string_equal(text.data,
	    "password=access\npassword_expiry_utc=1795305600\n"
	    "oauth_refresh_token=refresh\npostrider_client_id=the-app\n\n");
	buf_done(&text);
	vault_close(vault);
}

static void
erases_what_a_killed_process_left(void **state)
{
	struct vault *vault = open_directory("killed", "plain-text", NULL);
	struct error err;

	(void)state;
	store(vault, &tokens, "access", "refresh");
	write_file("killed" FILE_NAME "~abcdef", "refresh", 0600);
	assert_int_equal(vault_erase(vault, &tokens, &err), 0);
	assert_int_equal(access("killed" FILE_NAME "~abcdef", F_OK), -1);
	vault_close(vault);
}

static void
keeps_no_token_beside_a_password(void **state)
{
	struct vault *vault = open_directory("beside", "plain-text", NULL);
	struct buf text;

	(void)state;
	store(vault, &password, "hunter2", "foreign");
	assert_kept(vault, &password, "hunter2", NULL);
	read_back("beside/smtp-alice@example.test@smtp.example.test", &text);
	assert_string_equal(text.data, "password=hunter2\n\n");
	buf_done(&text);
	vault_close(vault);
}

static void
names_files_safely_and_no_two_alike(void **state)
{
	static const struct {
		struct vault_key key;
		const char *name;
	} rows[] = {
	    {{VAULT_TOKENS, "h", 0, "../../etc/passwd"},
		"oauth2-..%2F..%2Fetc%2Fpasswd@h"},
	    {{VAULT_TOKENS, "h@h", 0, "u"}, "oauth2-u@h%40h"},
	    {{VAULT_TOKENS, "h", 0, "u@h"}, "oauth2-u@h@h"},
	    {{VAULT_CLIENT, "h", 0, "u"}, "oauth2%2Dclient-u@h"},
	    {{VAULT_TOKENS, "h", 0, "client-u"}, "oauth2-client-u@h"},
	    {{VAULT_TOKENS, "::1", 0, "J\xC3\xB8rn %41\n"},
		"oauth2-J%C3%B8rn%20%2541%0A@%3A%3A1"},
	};
	struct vault *vault = open_directory("names", "plain-text", NULL);
	char path[128];

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		store(vault, &rows[i].key, rows[i].name, NULL);
		snprintf(path, sizeof path, "names/%s", rows[i].name);
		assert_int_equal(access(path, F_OK), 0);
	}
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		assert_kept(vault, &rows[i].key, rows[i].name, NULL);
	vault_close(vault);
}

static void
keeps_a_name_that_is_longer_than_a_files(void **state)
{
	struct vault *vault = open_directory("long", "plain-text", NULL);
	struct vault_key one = tokens;
	struct vault_key other = tokens;
	char user[301];
	char same[301];

	(void)state;
	memset(user, 'u', 300);
	user[300] = '\0';
	memcpy(same, user, sizeof same);
	same[299] = 'v';
	one.user = user;
	other.user = same;
	store(vault, &one, "one", NULL);
	store(vault, &other, "other", NULL);
	assert_int_equal(access("long/oauth2-"
				"a9b885b79f40b87ff9d0615451b9619f"
				"f6ee22c8ef17ac7bc1ce49fc18313099",
			     F_OK),
	    0);
	assert_kept(vault, &one, "one", NULL);
	assert_kept(vault, &other, "other", NULL);
	vault_close(vault);
}

static void
refuses_what_others_can_reach(void **state)
{
	static const mode_t modes[] = {0755, 0710, 0702};
	struct vault *vault = open_directory("open", "plain-text", NULL);
	struct error err;

	(void)state;
	store(vault, &tokens, "access", "refresh");
	for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++) {
		assert_int_equal(chmod("open", modes[i]), 0);
		assert_no_load(vault, &tokens, ERROR_CONFIG, "open: must be");
		assert_int_equal(try_store(vault, &tokens, "x", "y", &err), -1);
		assert_int_equal(err.code, ERROR_CONFIG);
		assert_string_equal(err.hint, "chmod 700 open");
		assert_int_equal(vault_erase(vault, &tokens, &err), -1);
		assert_int_equal(vault_lock(vault, &tokens,
				     clock_now_ms() + SHORT_MS, &err),
		    -1);
		assert_int_equal(err.code, ERROR_CONFIG);
	}
	assert_int_equal(chmod("open", 0700), 0);
	assert_int_equal(chmod("open" FILE_NAME, 0640), 0);
	assert_no_load(vault, &tokens, ERROR_CONFIG, "open" FILE_NAME);
	assert_int_equal(chmod("open" FILE_NAME, 0600), 0);
	assert_kept(vault, &tokens, "access", "refresh");
	vault_close(vault);
}

static void
refuses_a_directory_that_is_a_file(void **state)
{
	struct vault *vault = open_directory("file", "plain-text", NULL);
	struct error err;

	(void)state;
	write_file("file", "", 0600);
	assert_no_load(vault, &tokens, ERROR_CONFIG, "file: ");
	assert_int_equal(try_store(vault, &tokens, "a", "r", &err), -1);
	vault_close(vault);
}

static void
recognises_a_file_that_is_damaged(void **state)
{
	static const char *const texts[] = {"", "\n", "password=acc",
	    "password=access\npassword_expiry_utc=17953056",
	    "password=access\n", "access\n\n", "host=a\rb\n\n"};
	struct vault *vault = open_directory("damaged", "plain-text", NULL);

	(void)state;
	store(vault, &tokens, "access", "refresh");
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		write_file("damaged" FILE_NAME, texts[i], 0600);
		assert_no_load(vault, &tokens, ERROR_DATA,
		    "damaged" FILE_NAME ": damaged");
	}
	vault_close(vault);
}

static void
says_why_a_command_failed_and_never_what_it_was(void **state)
{
	static const struct {
		const char *command, *message;
	} rows[] = {
	    {"./complain # hunter2",
		"credential-encrypt failed: No public key"},
	    {"exit 3 # hunter2", "credential-encrypt ended with exit status 3"},
	    {"cat >/dev/null # hunter2", "credential-encrypt printed nothing"},
	    {"echo hunter2; kill -KILL $$",
		"credential-encrypt was ended by signal 9"},
	    {"echo x; exec </dev/null >&-; exit 5",
		"credential-encrypt ended with exit status 5"},
	    {"yes", "longer than"},
	};

	(void)state;
	write_file("complain",
	    "#!/bin/sh\necho first >&2; echo 'gpg: x: No public key' >&2; exit "
	    "2\n",
	    0700);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct vault *vault =
		    open_directory("failed", rows[i].command, NULL);
		struct error err;

		assert_int_equal(try_store(vault, &tokens, "a", "r", &err), -1);
		if (strstr(err.message, rows[i].message) == NULL)
			fail_msg("%s", err.message);
		assert_int_equal(access("failed" FILE_NAME, F_OK), -1);
		vault_close(vault);
	}
}

static void
hides_a_command_that_the_shell_repeats(void **state)
{
	static const struct {
		const char *command, *message;
	} rows[] = {
	    {"cat >/dev/null; tr '\\0' '\\n' </proc/$$/cmdline >&2; exit 2; "
	     "--pass=hunter2",
		"ended with exit status 2; its message is withheld"},
	    {"echo 'encrypt: --pass: hunt' >&2; exit 3; --pass=hunter2",
		"ended with exit status 3; its message is withheld"},
	    {"pass=hunter2@x; $pass", "failed: command not found"},
	    {"encrypt --pass='hunter2", "credential-encrypt"},
	    {"bash -c 'encrypt --pass=hunter2)'", "credential-encrypt"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct vault *vault =
		    open_directory("hidden", rows[i].command, NULL);
		struct error err;

		assert_int_equal(try_store(vault, &tokens, "a", "r", &err), -1);
		if (strstr(err.message, rows[i].message) == NULL)
			fail_msg("%s", err.message);
		assert_null(strstr(err.message, "hunt"));
		assert_null(strstr(err.hint, "hunt"));
		assert_true(err.hint[0] != '\0');
		vault_close(vault);
	}
}

static void
keeps_the_old_file_when_encrypting_fails(void **state)
{
	struct vault *good = open_directory("old", SCRAMBLE, UNSCRAMBLE);
	struct vault *bad =
	    open_directory("old", "echo half; false", UNSCRAMBLE);
	struct vault *blind = open_directory("old", SCRAMBLE, NULL);
	struct vault *wrong = open_directory("old", SCRAMBLE, "./complain");
	struct error err;

	(void)state;
	store(good, &tokens, "access", "refresh");
	assert_int_equal(try_store(bad, &tokens, "a", "r", &err), -1);
	assert_kept(good, &tokens, "access", "refresh");
	assert_no_load(blind, &tokens, ERROR_CONFIG,
	    "can't be read without credential-decrypt");
	assert_no_load(wrong, &tokens, ERROR_DATA,
	    "old" FILE_NAME ": credential-decrypt failed: No public key");
	vault_close(good);
	vault_close(bad);
	vault_close(blind);
	vault_close(wrong);
}

/* More than the capacity of a pipe, on all three at once. */
static void
is_not_stuck_between_full_pipes(void **state)
{
	struct vault *vault = open_directory("full",
	    "head -c 200000 /dev/zero >&2; cat; head -c 150000 /dev/zero",
	    "head -c 200000 /dev/zero >&2; tr -d '\\0'");
	char *token = malloc(60001);

	(void)state;
	memset(token, 't', 60000);
	token[60000] = '\0';
	store(vault, &tokens, token, "refresh");
	assert_kept(vault, &tokens, token, "refresh");
	vault_close(vault);
	free(token);
}

static void
needs_a_command_that_reads_all_of_a_text(void **state)
{
	struct vault *vault = open_directory("part",
	    "cat; head -c 200000 /dev/zero", "head -c 30000");

	(void)state;
	store(vault, &tokens, "access", "refresh");
	assert_no_load(vault, &tokens, ERROR_DATA, "didn't read all");
	vault_close(vault);
}

static void
gives_up_a_command_at_the_deadline(void **state)
{
	static const char *const commands[] = {"sleep 60", "cat; sleep 60",
	    "exec >&-; sleep 60"};

	(void)state;
	for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
		struct vault *vault =
		    open_vault((struct vault_place){.directory = "slow",
			.encrypt = commands[i],
			.limit_ms = SHORT_MS});
		struct error err;

		assert_int_equal(try_store(vault, &tokens, "a", "r", &err), -1);
		assert_int_equal(err.code, ERROR_TEMPORARY);
		assert_string_equal(err.message,
		    "credential-encrypt exceeded the time limit");
		vault_close(vault);
	}
}

static void
shows_the_secret_to_the_commands_stdin_alone(void **state)
{
	struct vault *vault = open_directory("alone",
	    "{ env; tr '\\0' ' ' </proc/$$/cmdline; } >$HOME/seen; cat", "cat");
	struct buf text;

	(void)state;
	setenv("POSTRIDER_PASSWORD", "from the environment", 1);
	store(vault, &tokens, "s3cret-access", "s3cret-refresh");
	read_back("seen", &text);
	assert_non_null(strstr(text.data, "HOME="));
	assert_null(strstr(text.data, "from the environment"));
	assert_null(strstr(text.data, "s3cret"));
	buf_done(&text);
	vault_close(vault);
}

static void
can_be_encrypted_by_real_programs(void **state)
{
	static const struct {
		const char *prepare, *encrypt, *decrypt;
	} rows[] = {
	    {"mkdir -m 700 gnupg && gpg --homedir gnupg --batch --quiet "
	     "--passphrase '' --quick-gen-key alice@example.test default "
	     "default never 2>/dev/null",
		"gpg --homedir gnupg --batch --encrypt "
		"--default-recipient-self",
		"gpg --homedir gnupg --batch --quiet --decrypt"},
	    {"age-keygen -o age.key 2>/dev/null",
		"age -r $(age-keygen -y age.key)", "age -d -i age.key"},
	    {"head -c 32 /dev/urandom | base64 >key",
		"openssl enc -aes-256-cbc -pbkdf2 -pass file:key",
		"openssl enc -d -aes-256-cbc -pbkdf2 -pass file:key"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct vault *vault =
		    open_directory("real", rows[i].encrypt, rows[i].decrypt);

		run(rows[i].prepare);
		store(vault, &tokens, "access", "refresh");
		assert_kept(vault, &tokens, "access", "refresh");
		run("! grep -qa access real/oauth2*");
		write_file("real" FILE_NAME, "tampered with", 0600);
		assert_no_load(vault, &tokens, ERROR_DATA, "real" FILE_NAME);
		vault_close(vault);
	}
	run("gpgconf --homedir gnupg --kill gpg-agent");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(keeps_what_belongs_together_in_one_file),
	    cmocka_unit_test(replaces_and_erases),
	    cmocka_unit_test(keeps_plain_text_only_when_told_so),
	    cmocka_unit_test(erases_what_a_killed_process_left),
	    cmocka_unit_test(keeps_no_token_beside_a_password),
	    cmocka_unit_test(names_files_safely_and_no_two_alike),
	    cmocka_unit_test(keeps_a_name_that_is_longer_than_a_files),
	    cmocka_unit_test(refuses_what_others_can_reach),
	    cmocka_unit_test(refuses_a_directory_that_is_a_file),
	    cmocka_unit_test(recognises_a_file_that_is_damaged),
	    cmocka_unit_test(says_why_a_command_failed_and_never_what_it_was),
	    cmocka_unit_test(hides_a_command_that_the_shell_repeats),
	    cmocka_unit_test(keeps_the_old_file_when_encrypting_fails),
	    cmocka_unit_test(is_not_stuck_between_full_pipes),
	    cmocka_unit_test(needs_a_command_that_reads_all_of_a_text),
	    cmocka_unit_test(gives_up_a_command_at_the_deadline),
	    cmocka_unit_test(shows_the_secret_to_the_commands_stdin_alone),
	    cmocka_unit_test(can_be_encrypted_by_real_programs),
	};

	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, make_home, remove_home);
}

/* SPDX-License-Identifier: MIT */
/*
 * Tests credentials from environment variables, files and commands. test-
 * helper.c tests the keyring and git helpers.
 */
#include "fetch.h"

static void
refuses_a_source_that_it_does_not_know(void **state)
{
	static const char *const sources[] = {"hunter2", "hunter2:x", "", "env",
	    "env:", "file:", "command", "keyring:hunter2"};

	(void)state;
	for (size_t i = 0; i < sizeof sources / sizeof sources[0]; i++) {
		struct outcome outcome = fetch(sources[i], NULL, ENOUGH_MS);

		assert_failure(&outcome, ERROR_CONFIG, "credential");
		assert_null(strstr(outcome.err.message, "hunter2"));
	}
}

static void
takes_a_variable_and_removes_it(void **state)
{
	struct outcome outcome;

	(void)state;
	setenv("SMTP_PASSWORD", "s3cret", 1);
	outcome = fetch("env:SMTP_PASSWORD", NULL, ENOUGH_MS);
	assert_string_equal(outcome.password, "s3cret");
	assert_null(getenv("SMTP_PASSWORD"));
	outcome = fetch("env:SMTP_PASSWORD", NULL, ENOUGH_MS);
	assert_failure(&outcome, ERROR_AUTH, "SMTP_PASSWORD");
	setenv("SMTP_PASSWORD", "", 1);
	outcome = fetch("env:SMTP_PASSWORD", NULL, ENOUGH_MS);
	assert_failure(&outcome, ERROR_AUTH, "SMTP_PASSWORD");
}

/* /proc/PID/environ shows the memory that contained the value. */
static void
wipes_the_value_where_it_was(void **state)
{
	static char variable[] = "SMTP_PASSWORD=s3cret";
	struct outcome outcome;

	(void)state;
	putenv(variable);
	outcome = fetch("env:SMTP_PASSWORD", NULL, ENOUGH_MS);
	assert_string_equal(outcome.password, "s3cret");
	assert_memory_equal(variable + strlen("SMTP_PASSWORD="), "\0\0\0\0\0\0",
	    6);
}

static void
asks_the_environment_before_the_keyring(void **state)
{
	struct outcome outcome;

	(void)state;
	write_script("postrider-credential",
	    "cat >/dev/null; echo password=keyring");
	setenv("POSTRIDER_PASSWORD", "s3cret", 1);
	outcome = fetch(NULL, NULL, ENOUGH_MS);
	assert_string_equal(outcome.password, "s3cret");
	outcome = fetch(NULL, NULL, ENOUGH_MS);
	assert_string_equal(outcome.password, "keyring");
}

static void
gives_no_child_the_variable(void **state)
{
	struct outcome outcome;

	(void)state;
	setenv("POSTRIDER_PASSWORD", "s3cret", 1);
	outcome =
	    fetch("command:echo \"x${POSTRIDER_PASSWORD}x\"", NULL, ENOUGH_MS);
	assert_string_equal(outcome.password, "xx");
}

static void
reads_the_first_line_of_a_private_file(void **state)
{
	static const struct {
		const char *text;
		const char *password;
	} rows[] = {
	    {"s3cret\n", "s3cret"},
	    {"s3cret", "s3cret"},
	    {"s3cret\r\n", "s3cret"},
	    {" two words \nsecond line\n", " two words "},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct outcome outcome;

		write_file("password", rows[i].text, 0600);
		outcome = fetch("file:~/password", NULL, ENOUGH_MS);
		assert_string_equal(outcome.password, rows[i].password);
		outcome = fetch("file:password", NULL, ENOUGH_MS);
		assert_string_equal(outcome.password, rows[i].password);
	}
}

static void
refuses_a_file_that_others_can_read(void **state)
{
	static const mode_t modes[] = {0640, 0604, 0620, 0610, 0644, 0666};

	(void)state;
	for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++) {
		struct outcome outcome;

		write_file("open", "s3cret\n", modes[i]);
		outcome = fetch("file:~/open", NULL, ENOUGH_MS);
		assert_failure(&outcome, ERROR_CONFIG, "/open");
		assert_non_null(strstr(outcome.err.hint, "chmod 600"));
	}
}

static void
names_a_file_that_gives_nothing(void **state)
{
	static const char *const sources[] = {"file:~/missing", "file:~/empty",
	    "file:~/blank", "file:~/fifo", "file:/dev/null", "file:/",
	    "systemd:missing", "systemd:empty"};

	(void)state;
	setenv("CREDENTIALS_DIRECTORY", directory, 1);
	write_file("empty", "", 0600);
	write_file("blank", "\ns3cret\n", 0600);
	assert_int_equal(mkfifo("fifo", 0600), 0);
	for (size_t i = 0; i < sizeof sources / sizeof sources[0]; i++) {
		struct outcome outcome = fetch(sources[i], NULL, ENOUGH_MS);

		assert_failure(&outcome, ERROR_AUTH, "/");
	}
	unsetenv("CREDENTIALS_DIRECTORY");
}

static void
reads_what_systemd_hands_over(void **state)
{
	struct outcome outcome;

	(void)state;
	write_file("smtp", "s3cret\n", 0440);
	setenv("CREDENTIALS_DIRECTORY", directory, 1);
	outcome = fetch("systemd:smtp", NULL, ENOUGH_MS);
	assert_string_equal(outcome.password, "s3cret");
	outcome = fetch("systemd:../smtp", NULL, ENOUGH_MS);
	assert_failure(&outcome, ERROR_CONFIG, "../smtp");
	unsetenv("CREDENTIALS_DIRECTORY");
	outcome = fetch("systemd:smtp", NULL, ENOUGH_MS);
	assert_failure(&outcome, ERROR_AUTH, "CREDENTIALS_DIRECTORY");
	assert_non_null(strstr(outcome.err.hint, "LoadCredential=smtp:"));
}

/* Fails if three consecutive characters of the secret are in the text. */
static void
assert_no_part(const char *text, const char *secret)
{
	for (; strlen(secret) >= 3; secret++) {
		char part[] = {secret[0], secret[1], secret[2], '\0'};

		if (strcasestr(text, part) != NULL)
			fail_msg("\"%s\" is in: %s", part, text);
	}
}

static void
believes_a_command_only_when_it_succeeds(void **state)
{
	static const struct {
		const char *source;
		const char *password;
		const char *part; /* of the message */
	} rows[] = {
	    {"command:echo s3cret; echo noise >&2", "s3cret", ""},
	    {"command:printf 's3cret\\nmore\\n'", "s3cret", ""},
	    {"command:printf half; exit 3", "", "exit status 3"},
	    {"command:printf half; ~/fails", "",
		"command failed: No secret key"},
	    {"command:printf half; kill -9 $$", "", "signal 9"},
	    {"command:true", "", "printed nothing"},
	    {"command:echo", "", "printed nothing"},
	    {"command:/nonexistent/program", "", "command not found"},
	    {"command:/dev/null", "", "not executable"},
	    {"command:read line && echo $line", "", "exit status 1"},
	};

	(void)state;
	write_script("fails", "echo 'gpg: x: no secret key' >&2; exit 2");
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct outcome outcome = fetch(rows[i].source, NULL, ENOUGH_MS);

		if (*rows[i].password != '\0')
			assert_string_equal(outcome.password, rows[i].password);
		else
			assert_failure(&outcome, ERROR_AUTH, rows[i].part);
	}
}

/* Each of these commands contains the password "kq7vwx2-Qzxwv". */
static void
shows_no_part_of_a_command_that_the_shell_quotes(void **state)
{
	static const char *const commands[] = {
	    "printf 'kq7vwx2-Qzxwv",
	    "printf kq7vwx2-Qzxwv)",
	    "kq7vwx2-Qzxwv",
	    "'kq7vwx2'-Qzxwv --option",
	    "k\\q7vwx2-Qzxwv",
	    "echo $(kq7vwx2-Qzxwv; false) && false",
	    "$(echo a3E3dnd4Mi1Renh3dg== | base64 -d)",
	    "$(echo KQ7VWX2-QZXWV | tr A-Z a-z)",
	    "cd /kq7vwx2-Qzxwv",
	    "echo kq7vwx2-Qz xwv >&2; false",
	    "bash -c 'kq7vwx2-Qzxwv'",
	    "bash -c 'echo kq7vwx2-Qzxwv)'",
	    "bash -c 'printf \"kq7vwx2-Qzxwv'",
	    "bash -c 'x=kq7vwx2-Qzxwv; ${x?}; $x'",
	    "bash -c '$(echo a3E3dnd4Mi1Renh3dg== | base64 -d)'",
	    "exec -a sh bash -c '$(echo a3E3dnd4Mi1Renh3dg== | base64 -d)'",
	};

	(void)state;
	for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
		char source[128];
		struct outcome outcome;

		snprintf(source, sizeof source, "command:%s", commands[i]);
		outcome = fetch(source, NULL, ENOUGH_MS);
		assert_failure(&outcome, ERROR_AUTH, "the credential command");
		assert_no_part(outcome.err.message, "kq7vwx2-Qzxwv");
		assert_no_part(outcome.err.hint, "kq7vwx2-Qzxwv");
		assert_true(outcome.err.hint[0] != '\0');
	}
}

static void
survives_a_command_that_never_stops_talking(void **state)
{
	struct outcome outcome;

	(void)state;
	outcome = fetch("command:yes", NULL, ENOUGH_MS);
	assert_failure(&outcome, ERROR_DATA, "longer");
	outcome = fetch("command:yes >&2", NULL, SHORT_MS);
	assert_failure(&outcome, ERROR_KEYRING, "within 0.2 s");
	outcome = fetch("command:yes | head -c 200000 >&2; echo s3cret", NULL,
	    ENOUGH_MS);
	assert_string_equal(outcome.password, "s3cret");
}

static void
ends_a_command_that_does_not_answer_in_time(void **state)
{
	static const char *const sources[] = {
	    "command:echo $$ >pid; exec sleep 60",
	    "command:echo $$ >pid; echo half; exec sleep 60",
	    "command:echo $$ >pid; exec sleep 60 >&-",
	    "command:echo $$ >pid; exec sleep 60 2>&-",
	};

	(void)state;
	for (size_t i = 0; i < sizeof sources / sizeof sources[0]; i++) {
		struct outcome outcome = fetch(sources[i], NULL, SHORT_MS);

		assert_failure(&outcome, ERROR_KEYRING, "within 0.2 s");
		assert_process_gone("pid");
	}
}

static void
ends_a_command_that_nobody_waits_for(void **state)
{
	struct credential_request request =
	    request_of("command:echo $$ >new; mv new pid; exec sleep 60", NULL,
		ENOUGH_MS);
	struct error err;
	struct credential *credential;

	(void)state;
	unlink("pid");
	credential = credential_start(&request, &err);
	assert_non_null(credential);
	while (access("pid", F_OK) == -1)
		clock_sleep_until(clock_now_ms() + 1);
	credential_free(credential);
	assert_process_gone("pid");
}

static void
gives_the_same_answer_when_asked_again(void **state)
{
	struct credential_request request =
	    request_of("command:echo s3cret", NULL, ENOUGH_MS);
	const struct secret *first = NULL;
	const struct secret *second = NULL;
	struct error err;
	struct credential *credential;

	(void)state;
	credential = credential_start(&request, &err);
	assert_int_equal(credential_await(credential, &first, &err), 0);
	assert_int_equal(credential_await(credential, &second, &err), 0);
	assert_ptr_equal(first, second);
	assert_string_equal(secret_bytes(second), "s3cret");
	credential_free(credential);

	write_script("fails", "echo reason >&2; exit 41");
	request.source = "command:~/fails";
	credential = credential_start(&request, &err);
	assert_int_equal(credential_await(credential, &first, &err), -1);
	err = (struct error){.code = ERROR_NONE};
	assert_int_equal(credential_await(credential, &first, &err), -1);
	assert_int_equal(err.code, ERROR_AUTH);
	assert_non_null(strstr(err.message, "exit status 41"));
	credential_free(credential);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(refuses_a_source_that_it_does_not_know),
	    cmocka_unit_test(takes_a_variable_and_removes_it),
	    cmocka_unit_test(wipes_the_value_where_it_was),
	    cmocka_unit_test(asks_the_environment_before_the_keyring),
	    cmocka_unit_test(gives_no_child_the_variable),
	    cmocka_unit_test(reads_the_first_line_of_a_private_file),
	    cmocka_unit_test(refuses_a_file_that_others_can_read),
	    cmocka_unit_test(names_a_file_that_gives_nothing),
	    cmocka_unit_test(reads_what_systemd_hands_over),
	    cmocka_unit_test(believes_a_command_only_when_it_succeeds),
	    cmocka_unit_test(shows_no_part_of_a_command_that_the_shell_quotes),
	    cmocka_unit_test(survives_a_command_that_never_stops_talking),
	    cmocka_unit_test(ends_a_command_that_does_not_answer_in_time),
	    cmocka_unit_test(ends_a_command_that_nobody_waits_for),
	    cmocka_unit_test(gives_the_same_answer_when_asked_again),
	};

	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
